import { ActionIcon, Menu } from '@mantine/core';
import { Archive, ArchiveRestore, CalendarClock, EllipsisVertical, KeyRound, LogOut, Pencil, Pin, Presentation, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useDeleteChannelMutation, useUpdateChannelMutation } from '@/api/channels';
import type { Channel } from '@/api/wire.gen';
import { ChannelMenuItems } from '@/components/ChannelMenuItems';
import { useConfirm } from '@/components/confirm';
import { teaches } from '@/components/roles';
import { useLeaveChannel } from '@/components/useLeaveChannel';
import { useReport } from '@/components/useReport';
import { EditChannelDialog } from './EditChannelDialog';
import { MeetingsDrawer } from './meetings/MeetingsDrawer';
import { PinsDrawer } from './PinsDrawer';
import { ScheduledDialog } from './ScheduledDialog';
import { TransferDialog } from './TransferDialog';

type Opened = 'pins' | 'meetings' | 'scheduled' | 'edit' | 'transfer' | null;

/** What one may do with a channel: for oneself, and for everybody if one teaches or owns it. */
export function ChannelMenu({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const navigate = useNavigate();
  const report = useReport();
  const { ask, dialog } = useConfirm();
  const { leave, dialog: leaving } = useLeaveChannel();
  const [opened, setOpened] = useState<Opened>(null);
  const [update] = useUpdateChannelMutation();
  const [deleteChannel] = useDeleteChannelMutation();
  const { id, name, archived_at: archived } = channel;
  const owns = channel.my_role === 'owner';
  const close = () => setOpened(null);

  const archive = () =>
    ask({
      title: t('archiveChannel'),
      text: t('archiveChannelConfirm', { name }),
      action: t('archiveChannel'),
      onConfirm: () => void update({ id, archived: true }).then(report),
    });
  const remove = () =>
    ask({
      title: t('deleteChannel'),
      text: t('deleteChannelConfirm', { name }),
      action: t('deleteChannel'),
      onConfirm: () => void deleteChannel(id).then((result) => report(result) && void navigate('/')),
    });

  return (
    <>
      <Menu width={240}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('channelMenu')}>
            <EllipsisVertical size={18} aria-hidden="true" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Pin size={16} aria-hidden="true" />} onClick={() => setOpened('pins')}>
            {t('pins.title')}
          </Menu.Item>
          <Menu.Item leftSection={<Presentation size={16} aria-hidden="true" />} onClick={() => setOpened('meetings')}>
            {t('meetings.title')}
          </Menu.Item>
          {!archived && (
            <Menu.Item leftSection={<CalendarClock size={16} aria-hidden="true" />} onClick={() => setOpened('scheduled')}>
              {t('scheduled.title')}
            </Menu.Item>
          )}
          <ChannelMenuItems channel={channel} />
          <Menu.Divider />
          {teaches(channel.my_role) && !archived && (
            <Menu.Item leftSection={<Pencil size={16} aria-hidden="true" />} onClick={() => setOpened('edit')}>
              {t('editChannel')}
            </Menu.Item>
          )}
          {owns && !archived && (
            <>
              <Menu.Item leftSection={<KeyRound size={16} aria-hidden="true" />} onClick={() => setOpened('transfer')}>
                {t('transfer.title')}
              </Menu.Item>
              <Menu.Item leftSection={<Archive size={16} aria-hidden="true" />} onClick={archive}>
                {t('archiveChannel')}
              </Menu.Item>
            </>
          )}
          {owns && archived && (
            <Menu.Item leftSection={<ArchiveRestore size={16} aria-hidden="true" />} onClick={() => void update({ id, archived: false }).then(report)}>
              {t('unarchiveChannel')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<LogOut size={16} aria-hidden="true" />} onClick={() => leave(channel)}>
            {t('leaveChannel')}
          </Menu.Item>
          {owns && (
            <Menu.Item color="red" leftSection={<Trash2 size={16} aria-hidden="true" />} onClick={remove}>
              {t('deleteChannel')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <EditChannelDialog channel={channel} opened={opened === 'edit'} onClose={close} />
      <TransferDialog channel={channel} opened={opened === 'transfer'} onClose={close} />
      <PinsDrawer channel={channel} opened={opened === 'pins'} onClose={close} />
      <MeetingsDrawer channel={channel} opened={opened === 'meetings'} onClose={close} />
      <ScheduledDialog channel={channel} opened={opened === 'scheduled'} onClose={close} />
      {dialog}
      {leaving}
    </>
  );
}
