import { Alert, Button, FileButton, Group, Modal, Progress, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { Film, Upload, X } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePostsQuery } from '@/api/api';
import { asProblem } from '@/api/problem';
import { uploadFile } from '@/api/upload';
import type { PlaybackItem } from '@/api/wire.gen';
import { useFormats } from '@/i18n/format';
import { useProblemWords } from '@/i18n/problems';
import type { WatchSession } from '@/playback/watchSession';
import { youtubeLink } from './youtubeLink';
import classes from './chooser.module.css';

export interface LoadVideoDialogProps {
  session: WatchSession;
  channelId: string;
  opened: boolean;
  onClose: () => void;
}

/** Where a teacher chooses what the class watches: a YouTube link, a file of the channel, or a new upload. */
export function LoadVideoDialog(props: LoadVideoDialogProps) {
  const { t } = useTranslation('watch');
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={t('dialog.title')} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
      <Chooser {...props} />
    </Modal>
  );
}

function Chooser({ session, channelId, onClose }: LoadVideoDialogProps) {
  const { t } = useTranslation('watch');
  const { sentence } = useProblemWords();
  const [link, setLink] = useState('');
  const [linkWrong, setLinkWrong] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [loading, setLoading] = useState(false);

  const load = async (item: PlaybackItem) => {
    setError(null);
    setLoading(true);
    try {
      await session.load(item);
      onClose();
    } catch (reason) {
      setError(t('dialog.refused', { reason: reason instanceof Error ? reason.message : sentence(asProblem(reason)) }));
    } finally {
      setLoading(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const url = youtubeLink(link);
    setLinkWrong(url === null);
    if (url) void load({ kind: 'youtube', url });
  };

  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed">
        {t('dialog.intro')}
      </Text>
      <form onSubmit={submit}>
        <Group align="flex-start" gap="sm" wrap="nowrap">
          <TextInput
            className={classes.grow}
            label={t('dialog.link')}
            placeholder={t('dialog.linkPlaceholder')}
            value={link}
            error={linkWrong && t('dialog.linkInvalid')}
            data-autofocus
            onChange={(event) => {
              setLink(event.currentTarget.value);
              setLinkWrong(false);
            }}
          />
          <Button type="submit" className={classes.besideField} loading={loading}>
            {t('dialog.load')}
          </Button>
        </Group>
      </form>
      <UploadRow onUploaded={(fileId) => load({ kind: 'file', file_id: fileId })} />
      <ChannelFiles channelId={channelId} disabled={loading} onPick={(fileId) => void load({ kind: 'file', file_id: fileId })} />
      {error && (
        <Alert color="red" role="alert">
          {error}
        </Alert>
      )}
    </Stack>
  );
}

function UploadRow({ onUploaded }: { onUploaded: (fileId: string) => Promise<void> }) {
  const { t } = useTranslation('watch');
  const { sentence } = useProblemWords();
  const [upload, setUpload] = useState<{ name: string; part: number } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const start = async (file: File | null) => {
    if (!file) return;
    setError(file.type.startsWith('video/') ? null : t('dialog.notVideo'));
    if (!file.type.startsWith('video/')) return;
    const controller = new AbortController();
    abort.current = controller;
    setUpload({ name: file.name, part: 0 });
    try {
      const stored = await uploadFile(file, { signal: controller.signal, onProgress: (part) => setUpload({ name: file.name, part }) });
      await onUploaded(stored.id);
    } catch (reason) {
      if (!controller.signal.aborted) setError(sentence(asProblem(reason)));
    } finally {
      setUpload(null);
    }
  };

  if (upload) {
    return (
      <Stack gap={6} aria-live="polite">
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" truncate>
            {t('dialog.uploading', { name: upload.name })}
          </Text>
          <Button variant="subtle" size="compact-sm" leftSection={<X size={14} />} onClick={() => abort.current?.abort()}>
            {t('dialog.cancelUpload')}
          </Button>
        </Group>
        <Progress value={upload.part * 100} aria-label={t('dialog.uploading', { name: upload.name })} />
      </Stack>
    );
  }
  return (
    <Stack gap={4}>
      <FileButton accept="video/*" onChange={(file) => void start(file)} inputProps={{ 'aria-label': t('dialog.upload') }}>
        {(props) => (
          <Button {...props} variant="default" leftSection={<Upload size={16} />}>
            {t('dialog.upload')}
          </Button>
        )}
      </FileButton>
      <Text size="xs" c={error ? 'red' : 'dimmed'} role={error ? 'alert' : undefined}>
        {error ?? t('dialog.uploadHint')}
      </Text>
    </Stack>
  );
}

function ChannelFiles({ channelId, disabled, onPick }: { channelId: string; disabled: boolean; onPick: (fileId: string) => void }) {
  const { t } = useTranslation('watch');
  const { size } = useFormats();
  const { data } = usePostsQuery(channelId);
  const videos = (data?.items ?? []).flatMap((post) => post.files).filter((file) => file.content_type.startsWith('video/'));
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        {t('dialog.files')}
      </Text>
      {videos.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('dialog.noFiles')}
        </Text>
      )}
      {videos.toReversed().map((file) => (
        <UnstyledButton key={file.id} className={classes.file} disabled={disabled} onClick={() => onPick(file.id)}>
          <Film size={18} aria-hidden />
          <span className={classes.fileName}>{file.name}</span>
          <Text span size="xs" c="dimmed">
            {size(file.size)}
          </Text>
        </UnstyledButton>
      ))}
    </Stack>
  );
}
