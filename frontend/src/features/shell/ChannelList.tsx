import { ActionIcon, Menu, Skeleton, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Plus, Ticket } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { useChannelsQuery } from '@/api/channels';
import { asProblem } from '@/api/problem';
import type { Channel } from '@/api/wire.gen';
import { ProblemNote } from '@/components/ProblemNote';
import { useLeaveChannel } from '@/components/useLeaveChannel';
import { ChannelItem } from './ChannelItem';
import { CreateChannelDialog } from './CreateChannelDialog';
import { JoinDialog } from './JoinDialog';
import { Section } from './Section';
import classes from './Sidebar.module.css';
import { SortableChannels } from './SortableChannels';
import { channelSections, isUnread } from './sections';

/** One's channels: favourites first, then the others, the archived ones folded away. */
export function ChannelList() {
  const { t } = useTranslation(['sidebar', 'common']);
  const { data: channels = [], error, isLoading, refetch } = useChannelsQuery();
  const [creating, create] = useDisclosure(false);
  const [joining, join] = useDisclosure(false);
  const { leave, dialog } = useLeaveChannel();
  const { favourites, others, archived } = channelSections(channels);
  const rows = (section: Channel[]) => (open: boolean) => <Rows channels={channels} section={section} open={open} onLeave={leave} />;

  return (
    <>
      {favourites.length > 0 && (
        <Section name="favourites" title={t('favourites')}>
          {rows(favourites)}
        </Section>
      )}
      <Section
        name="channels"
        title={t('channels')}
        action={
          <Menu position="bottom-start">
            <Menu.Target>
              <Tooltip label={t('addChannel')}>
                <ActionIcon variant="subtle" color="gray" aria-label={t('addChannel')}>
                  <Plus size={18} aria-hidden="true" />
                </ActionIcon>
              </Tooltip>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<Plus size={16} aria-hidden="true" />} onClick={create.open}>
                {t('common:shell.createChannel')}
              </Menu.Item>
              <Menu.Item leftSection={<Ticket size={16} aria-hidden="true" />} onClick={join.open}>
                {t('common:shell.joinWithCode')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        }
      >
        {(open) => (
          <>
            {isLoading && [64, 82, 48].map((width) => <Skeleton key={width} height={16} width={`${width}%`} my={10} ml={12} />)}
            {error && channels.length === 0 && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
            {!isLoading && !error && channels.length === 0 && <p className={classes.none}>{t('noChannels')}</p>}
            {rows(others)(open)}
          </>
        )}
      </Section>
      {archived.length > 0 && (
        <Section name="archived" title={t('archived', { count: archived.length })} folded>
          {rows(archived)}
        </Section>
      )}
      <CreateChannelDialog opened={creating} onClose={create.close} />
      <JoinDialog opened={joining} onClose={join.close} />
      {dialog}
    </>
  );
}

interface RowsProps {
  channels: Channel[];
  section: Channel[];
  open: boolean;
  onLeave: (channel: Channel) => void;
}

/** The rows of a section; of a folded one those that are unread, and where one is. */
function Rows({ channels, section, open, onLeave }: RowsProps) {
  const { pathname } = useLocation();
  const shown = open ? section : section.filter((channel) => isUnread(channel) || pathname.startsWith(`/channels/${channel.id}`));
  if (shown.length === 0) return null;
  return (
    <SortableChannels channels={channels} section={shown}>
      <ul className={classes.list}>
        {shown.map((channel) => (
          <ChannelItem key={channel.id} channel={channel} onLeave={onLeave} />
        ))}
      </ul>
    </SortableChannels>
  );
}
