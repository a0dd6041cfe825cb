import { ActionIcon, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { Film, ListPlus, Music } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { usePostsQuery } from '@/api/posts';
import type { File as StoredFile } from '@/api/wire.gen';
import { useFormats } from '@/i18n/format';
import classes from './chooser.module.css';
import { isPlayable } from './playable';

interface ChannelFilesProps {
  channelId: string;
  onPick: (file: StoredFile) => void;
  /** A second thing that may be done with a file. */
  onAdd?: (file: StoredFile) => void;
}

/** Videos and sound that were posted in the channel, the newest first. */
export function ChannelFiles({ channelId, onPick, onAdd }: ChannelFilesProps) {
  const { t } = useTranslation('watch');
  const { size } = useFormats();
  const { data, isLoading, isError, refetch } = usePostsQuery(channelId);
  const files = (data?.items ?? []).flatMap((post) => post.files).filter((file) => isPlayable(file.content_type));
  if (isLoading) return null;
  if (isError) {
    return (
      <Text size="sm" c="dimmed">
        {t('dialog.filesFailed')}{' '}
        <UnstyledButton className={classes.again} onClick={() => void refetch()}>
          {t('retry')}
        </UnstyledButton>
      </Text>
    );
  }
  if (files.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('dialog.noFiles')}
      </Text>
    );
  }
  return files.toReversed().map((file) => (
    <div key={file.id} className={classes.file}>
      <UnstyledButton className={classes.fileButton} onClick={() => onPick(file)}>
        {file.content_type.startsWith('audio/') ? <Music size={18} aria-hidden /> : <Film size={18} aria-hidden />}
        <span className={classes.fileName}>{file.name}</span>
        <Text span size="xs" c="dimmed">
          {size(file.size)}
        </Text>
      </UnstyledButton>
      {onAdd && (
        <Tooltip label={t('dialog.addToList')}>
          <ActionIcon variant="subtle" color="gray" size={40} aria-label={t('dialog.addFileToList', { name: file.name })} onClick={() => onAdd(file)}>
            <ListPlus size={18} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  ));
}
