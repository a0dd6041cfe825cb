import { Button, Drawer } from '@mantine/core';
import { useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { DoorClosed } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useChannelsQuery } from '@/api/channels';
import { asProblem } from '@/api/problem';
import type { Channel } from '@/api/wire.gen';
import { ChannelAudience } from '@/components/chat/ChannelAudience';
import { EmptyState } from '@/components/EmptyState';
import { lastChannel } from '@/components/lastChannel';
import { PageLoader } from '@/components/PageLoader';
import { ProblemNote } from '@/components/ProblemNote';
import { useTitle } from '@/components/useTitle';
import { Announcer } from './Announcer';
import { ChannelHeader } from './ChannelHeader';
import { ChannelNotice } from './ChannelNotice';
import classes from './ChannelPage.module.css';
import { FilesTab } from './FilesTab';
import { MeetingBanner } from './MeetingBanner';
import { PeoplePanel } from './PeoplePanel';
import { PostsTab } from './PostsTab';

export function ChannelPage() {
  const { t } = useTranslation();
  const { id = '', tab } = useParams();
  const { data: channels, error, refetch } = useChannelsQuery();
  const channel = channels?.find((one) => one.id === id);

  if (error && !channels) {
    return (
      <div className={classes.problem}>
        <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (!channels) return <PageLoader />;
  if (!channel || (tab !== undefined && tab !== 'files')) {
    return (
      <EmptyState level={1} icon={<DoorClosed size={26} />} title={t('notFound.title')} text={t('notFound.text')}>
        <Button component={Link} to="/">
          {t('goHome')}
        </Button>
      </EmptyState>
    );
  }
  return (
    <ChannelAudience channel={channel}>
      <ChannelView key={channel.id} channel={channel} tab={tab === 'files' ? 'files' : 'posts'} />
    </ChannelAudience>
  );
}

function ChannelView({ channel, tab }: { channel: Channel; tab: 'posts' | 'files' }) {
  const { t } = useTranslation('channels');
  const beside = useMediaQuery('(min-width: 1180px)', window.innerWidth >= 1180, { getInitialValueInEffect: false });
  const [panelKept, setPanelKept] = useLocalStorage({ key: 'lectern.people', defaultValue: true, getInitialValueInEffect: false });
  const [drawer, setDrawer] = useState(false);
  useTitle(channel.name);
  useEffect(() => lastChannel.set(channel.id), [channel.id]);
  const peopleShown = beside ? panelKept : drawer;
  const showPeople = (shown: boolean) => (beside ? setPanelKept(shown) : setDrawer(shown));

  return (
    <div className={classes.page}>
      <div className={classes.column}>
        <ChannelHeader channel={channel} tab={tab} peopleShown={peopleShown} onPeople={() => showPeople(!peopleShown)} />
        <ChannelNotice channel={channel} />
        <MeetingBanner channel={channel} />
        {tab === 'posts' ? <PostsTab channel={channel} /> : <FilesTab channel={channel} />}
        <Announcer channelId={channel.id} />
      </div>
      {beside && peopleShown && (
        <aside className={classes.panel} aria-label={t('people')}>
          <PeoplePanel channel={channel} onClose={() => showPeople(false)} />
        </aside>
      )}
      {!beside && (
        <Drawer
          opened={drawer}
          onClose={() => setDrawer(false)}
          position="right"
          size={340}
          padding={0}
          withCloseButton={false}
          classNames={{ body: classes.drawerBody }}
          attributes={{ content: { 'aria-label': t('people') } }}
        >
          <PeoplePanel channel={channel} onClose={() => setDrawer(false)} />
        </Drawer>
      )}
    </div>
  );
}
