import { Alert, Button, FileButton, Modal, Stack, Text } from '@mantine/core';
import { ListVideo, Upload } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import type { PlaybackItem } from '@/api/wire.gen';
import { useProblemWords } from '@/i18n/problems';
import type { WatchRoom } from '@/playback/watchRoom';
import { ChannelFiles } from './ChannelFiles';
import { LinkForm } from './LinkForm';
import { PLAYABLE } from './playable';
import { UploadRows } from './UploadRows';
import { useVideoUploads } from './useVideoUploads';

export interface LoadVideoDialogProps {
  room: WatchRoom;
  opened: boolean;
  onClose: () => void;
  /** Shows the list that something was added to. */
  onList: () => void;
}

/** Where a teacher chooses what the class watches now, or adds it to the list: a YouTube link, a file of the channel, or a new upload. */
export function LoadVideoDialog(props: LoadVideoDialogProps) {
  const { t } = useTranslation('watch');
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={t('dialog.title')} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
      <Chooser {...props} />
    </Modal>
  );
}

function Chooser({ room: { session, lesson, channelId }, onClose, onList }: LoadVideoDialogProps) {
  const { t } = useTranslation('watch');
  const { sentence } = useProblemWords();
  const [error, setError] = useState<string | null>(null);

  const load = async (item: PlaybackItem) => {
    await session.load(item);
    onClose();
  };
  const add = async (item: PlaybackItem) => {
    await lesson.edit({ op: 'add', item });
    onClose();
    onList();
  };
  const said = (reason: unknown) => setError(t('dialog.refused', { reason: sentence(asProblem(reason)) }));
  const uploads = useVideoUploads((file) => load({ kind: 'file', file_id: file.id }));

  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed">
        {t('dialog.intro')}
      </Text>
      <LinkForm action={t('dialog.load')} onPick={load} second={{ action: t('dialog.addToList'), onPick: add }} />
      <Stack gap={6}>
        <FileButton accept={PLAYABLE} onChange={(file) => file && uploads.add([file])} inputProps={{ 'aria-label': t('dialog.upload') }}>
          {(props) => (
            <Button {...props} variant="default" style={{ alignSelf: 'flex-start' }} leftSection={<Upload size={16} />}>
              {t('dialog.upload')}
            </Button>
          )}
        </FileButton>
        <Text size="xs" c="dimmed">
          {t('dialog.uploadHint')}
        </Text>
        <UploadRows uploads={uploads} />
      </Stack>
      <Stack gap={6}>
        <Text size="sm" fw={600}>
          {t('dialog.files')}
        </Text>
        <ChannelFiles
          channelId={channelId}
          onPick={(file) => void load({ kind: 'file', file_id: file.id }).catch(said)}
          onAdd={(file) => void add({ kind: 'file', file_id: file.id }).catch(said)}
        />
      </Stack>
      {error && (
        <Alert color="red" role="alert">
          {error}
        </Alert>
      )}
      <Button
        variant="subtle"
        leftSection={<ListVideo size={16} />}
        onClick={() => {
          onClose();
          onList();
        }}
      >
        {t('dialog.openList')}
      </Button>
    </Stack>
  );
}
