import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Users, Video } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { NavLink, useNavigate } from 'react-router';
import { useStartMeetingMutation } from '@/api/meetings';
import { asProblem } from '@/api/problem';
import type { Channel } from '@/api/wire.gen';
import { useProblemWords } from '@/i18n/problems';
import classes from './ChannelHeader.module.css';
import { ChannelMenu } from './ChannelMenu';
import { teaches } from '@/components/roles';

interface ChannelHeaderProps {
  channel: Channel;
  tab: 'posts' | 'files';
  peopleShown: boolean;
  onPeople: () => void;
}

export function ChannelHeader({ channel, tab, peopleShown, onPeople }: ChannelHeaderProps) {
  const { t } = useTranslation('channels');
  const navigate = useNavigate();
  const { sentence } = useProblemWords();
  const [startMeeting, starting] = useStartMeetingMutation();

  const start = async () => {
    const result = await startMeeting(channel.id);
    if (result.data) void navigate(`/meeting/${result.data.id}`);
    else notifications.show({ color: 'red', message: sentence(asProblem(result.error)) });
  };

  return (
    <header className={classes.header}>
      <div className={classes.top}>
        <div className={classes.names}>
          <h1 className={classes.name} title={channel.name}>
            {channel.name}
          </h1>
          {channel.description && (
            <p className={classes.description} title={channel.description}>
              {channel.description}
            </p>
          )}
        </div>
        <div className={classes.actions}>
          {teaches(channel.my_role) && !channel.active_meeting && !channel.archived_at && (
            <Button
              className={classes.start}
              loading={starting.isLoading}
              onClick={() => void start()}
            >
              <Video size={18} aria-hidden="true" />
              <span className={classes.startLabel}>{t('startMeeting')}</span>
            </Button>
          )}
          <ChannelMenu channel={channel} />
        </div>
      </div>
      <div className={classes.bar}>
        <nav className={classes.tabs} aria-label={channel.name}>
          <NavLink to={`/channels/${channel.id}`} end className={classes.tab} aria-current={tab === 'posts' ? 'page' : undefined}>
            {t('posts')}
          </NavLink>
          <NavLink to={`/channels/${channel.id}/files`} className={classes.tab}>
            {t('files')}
          </NavLink>
        </nav>
        <Button
          size="compact-sm"
          variant={peopleShown ? 'light' : 'subtle'}
          color={peopleShown ? 'accent' : 'gray'}
          leftSection={<Users size={16} aria-hidden="true" />}
          aria-pressed={peopleShown}
          aria-label={`${t('people')}: ${t('members', { count: channel.member_count })}`}
          onClick={onPeople}
        >
          {t('members', { count: channel.member_count })}
        </Button>
      </div>
    </header>
  );
}
