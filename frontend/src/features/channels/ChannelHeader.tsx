import { ActionIcon, Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { EllipsisVertical, LogOut, Pencil, Trash2, Users, Video } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, useNavigate } from 'react-router';
import { useDeleteChannelMutation } from '@/api/channels';
import { useStartMeetingMutation } from '@/api/meetings';
import { useRemoveMemberMutation } from '@/api/members';
import { asProblem } from '@/api/problem';
import type { Channel } from '@/api/wire.gen';
import { useConfirm } from '@/components/confirm';
import { useMe } from '@/components/hooks';
import { useProblemWords } from '@/i18n/problems';
import classes from './ChannelHeader.module.css';
import { EditChannelDialog } from './EditChannelDialog';
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
          {teaches(channel.my_role) && !channel.active_meeting && (
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

function ChannelMenu({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const me = useMe();
  const { sentence } = useProblemWords();
  const { ask, dialog } = useConfirm();
  const [editing, setEditing] = useState(false);
  const [deleteChannel] = useDeleteChannelMutation();
  const [removeMember] = useRemoveMemberMutation();
  const navigate = useNavigate();

  const leave = async (action: () => Promise<{ error?: unknown }>) => {
    const { error } = await action();
    if (error) notifications.show({ color: 'red', message: sentence(asProblem(error)) });
    else void navigate('/');
  };

  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('channelMenu')}>
            <EllipsisVertical size={18} aria-hidden="true" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {teaches(channel.my_role) && (
            <Menu.Item leftSection={<Pencil size={16} aria-hidden="true" />} onClick={() => setEditing(true)}>
              {t('editChannel')}
            </Menu.Item>
          )}
          {channel.my_role === 'owner' ? (
            <Menu.Item
              color="red"
              leftSection={<Trash2 size={16} aria-hidden="true" />}
              onClick={() =>
                ask({
                  title: t('deleteChannel'),
                  text: t('deleteChannelConfirm', { name: channel.name }),
                  action: t('deleteChannel'),
                  onConfirm: () => void leave(() => deleteChannel(channel.id)),
                })
              }
            >
              {t('deleteChannel')}
            </Menu.Item>
          ) : (
            <Menu.Item
              leftSection={<LogOut size={16} aria-hidden="true" />}
              onClick={() =>
                ask({
                  title: t('leaveChannel'),
                  text: t('leaveChannelConfirm', { name: channel.name }),
                  action: t('leaveChannel'),
                  onConfirm: () => void leave(() => removeMember({ channelId: channel.id, userId: me.id })),
                })
              }
            >
              {t('leaveChannel')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <EditChannelDialog channel={channel} opened={editing} onClose={() => setEditing(false)} />
      {dialog}
    </>
  );
}

/** The way into the lesson, for the banner. */
export function MeetingLink({ meetingId, children }: { meetingId: string; children: string }) {
  return (
    <Button component={Link} to={`/meeting/${meetingId}`} leftSection={<Video size={18} aria-hidden="true" />}>
      {children}
    </Button>
  );
}
