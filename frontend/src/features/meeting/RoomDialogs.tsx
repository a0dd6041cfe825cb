import { Modal, Stack } from '@mantine/core';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { DeviceProblems } from '@/components/media/DeviceProblems';
import { DeviceSelects } from '@/components/media/DeviceSelects';
import { SoundSwitches } from '@/components/media/SoundSwitches';
import type { WatchRoom } from '@/playback/watchRoom';
import { CaptionsDialog } from './captions/CaptionsDialog';
import { ShortcutsDialog } from './help/ShortcutsDialog';
import { useSession } from './sessions';
import type { RoomActions, RoomDialog } from './useRoomUi';
import type { WatchParts } from './watchParts';

interface RoomDialogsProps {
  dialog: RoomDialog | null;
  actions: RoomActions;
  watchRoom: WatchRoom;
  LoadDialog: WatchParts['LoadDialog'];
}

export function RoomDialogs({ dialog, actions, watchRoom, LoadDialog }: RoomDialogsProps) {
  const { t } = useTranslation(['meeting', 'media']);
  const { local } = useSession().meeting;
  const openLesson = useCallback(() => actions.openSide('lesson'), [actions]);
  return (
    <>
      <LoadDialog room={watchRoom} opened={dialog === 'watch'} onClose={actions.closeDialog} onList={openLesson} />
      <Modal opened={dialog === 'devices'} onClose={actions.closeDialog} title={t('media:controls.devices')} closeButtonProps={{ 'aria-label': t('close') }}>
        <Stack gap="md">
          <DeviceProblems local={local} />
          <DeviceSelects local={local} />
          <SoundSwitches local={local} />
        </Stack>
      </Modal>
      <CaptionsDialog opened={dialog === 'captions'} onClose={actions.closeDialog} />
      <ShortcutsDialog opened={dialog === 'shortcuts'} onClose={actions.closeDialog} teacher={watchRoom.teacher} />
    </>
  );
}
