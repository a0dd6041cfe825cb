import { ActionIcon, Button, Skeleton, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Hash, Plus, Ticket } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink } from 'react-router';
import { useChannelsQuery } from '@/api/api';
import { asProblem } from '@/api/problem';
import type { Channel } from '@/api/wire.gen';
import { LiveDot } from '@/components/LiveDot';
import { Logo } from '@/components/Logo';
import { ProblemNote } from '@/components/ProblemNote';
import { CreateChannelDialog } from './CreateChannelDialog';
import { JoinDialog } from './JoinDialog';
import classes from './Sidebar.module.css';
import { UserMenu } from './UserMenu';

export function Sidebar() {
  const { t, i18n } = useTranslation();
  const { data, error, isLoading, refetch } = useChannelsQuery();
  const [creating, create] = useDisclosure(false);
  const [joining, join] = useDisclosure(false);
  const channels = [...(data ?? [])].sort((a, b) => a.name.localeCompare(b.name, i18n.language));

  return (
    <div className={classes.sidebar}>
      <Link to="/" className={classes.brand} aria-label={t('goHome')}>
        <Logo size={30} />
      </Link>
      <nav className={classes.nav} aria-labelledby="nav-channels">
        <div className={classes.heading}>
          <h2 id="nav-channels">{t('shell.channels')}</h2>
          <Tooltip label={t('shell.createChannel')}>
            <ActionIcon variant="subtle" color="gray" onClick={create.open} aria-label={t('shell.createChannel')}>
              <Plus size={18} aria-hidden="true" />
            </ActionIcon>
          </Tooltip>
        </div>
        {isLoading && [64, 82, 48].map((width) => <Skeleton key={width} height={16} width={`${width}%`} my={10} ml={12} />)}
        {error && !data && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
        {data && channels.length === 0 && <p className={classes.none}>{t('shell.noChannels')}</p>}
        <ul className={classes.list}>
          {channels.map((channel) => (
            <li key={channel.id}>
              <ChannelLink channel={channel} />
            </li>
          ))}
        </ul>
      </nav>
      <div className={classes.foot}>
        <Button variant="subtle" color="gray" justify="flex-start" leftSection={<Ticket size={17} aria-hidden="true" />} onClick={join.open} fullWidth>
          {t('shell.joinWithCode')}
        </Button>
        <UserMenu />
      </div>
      <CreateChannelDialog opened={creating} onClose={create.close} />
      <JoinDialog opened={joining} onClose={join.close} />
    </div>
  );
}

function ChannelLink({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const unread = channel.unread_count;
  return (
    <NavLink to={`/channels/${channel.id}`} className={classes.link} data-unread={unread > 0 || undefined} title={channel.name}>
      <Hash size={16} aria-hidden="true" className={classes.hash} />
      <span className={classes.name}>{channel.name}</span>
      {channel.active_meeting && <LiveDot label={t('shell.live')} />}
      {unread > 0 && (
        <span className={classes.count}>
          <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
          <span className="visually-hidden">{t('shell.unread', { count: unread })}</span>
        </span>
      )}
    </NavLink>
  );
}
