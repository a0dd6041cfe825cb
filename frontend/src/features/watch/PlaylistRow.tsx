import { ActionIcon, Menu, TextInput, UnstyledButton } from '@mantine/core';
import { AudioLines, Ellipsis, GripVertical, Pencil, ScanSearch, Trash2 } from 'lucide-react';
import { type HTMLAttributes, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlaylistEntry } from '@/api/wire.gen';
import type { PlayerProblem } from '@/playback/players/player';
import { isPending } from '@/playback/playlistEdits';
import { clockTime } from '@/components/clockTime';
import classes from './panel.module.css';
import { useLesson, useWatchRoom } from './room';
import { useDriving } from './useDriving';
import { useFailed } from './useFailed';
import { useWatch } from './useWatch';

interface PlaylistRowProps {
  entry: PlaylistEntry;
  order?: number;
  dragged?: boolean;
  /** What makes the grip move the row; only teachers have one. */
  grip?: HTMLAttributes<HTMLElement>;
  checking?: boolean;
  trouble?: PlayerProblem | 'unknown' | undefined;
  onCheck?: () => void;
  onRemove?: () => void;
}

export function PlaylistRow({ entry, order, dragged, grip, checking, trouble, onCheck, onRemove }: PlaylistRowProps) {
  const { t } = useTranslation('lesson');
  const { session, lesson, teacher } = useWatchRoom();
  const { timeline } = useWatch();
  const { playlist } = useLesson();
  const { drives, free } = useDriving();
  const failed = useFailed();
  const [renaming, setRenaming] = useState(false);
  const { item } = entry;
  const title = item.title || t('list.untitled');
  const current = timeline?.entry_id === entry.id || (!timeline?.item && playlist?.current_id === entry.id);
  const pending = isPending(entry);
  const text = (
    <>
      <span className={classes.title}>{title}</span>
      <EntryLine entry={entry} checking={checking === true} trouble={trouble} />
    </>
  );
  const rename = (name: string) => {
    setRenaming(false);
    if (name.trim() !== '' && name.trim() !== title) void lesson.edit({ op: 'rename', entryId: entry.id, title: name.trim() }).catch(failed);
  };

  return (
    <li className={classes.row} style={{ order }} data-row={entry.id} data-current={current || undefined} data-dragged={dragged || undefined} data-pending={pending || undefined} aria-current={current || undefined}>
      {grip ? (
        <ActionIcon {...grip} className={classes.grip} variant="subtle" color="gray" size={36} aria-label={t('list.grip', { title })} title={t('list.gripText')}>
          <GripVertical size={16} />
        </ActionIcon>
      ) : (
        current && <AudioLines size={18} aria-hidden />
      )}
      {renaming ? (
        <TextInput
          className={classes.grow}
          aria-label={t('list.title')}
          defaultValue={title}
          maxLength={200}
          autoFocus
          onBlur={(event) => rename(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (event.key === 'Enter') rename(event.currentTarget.value);
            if (event.key === 'Escape') setRenaming(false);
          }}
        />
      ) : teacher && drives && !free ? (
        <UnstyledButton className={classes.main} disabled={pending} aria-label={t('list.play', { title })} onClick={() => void session.loadEntry(entry.id, { autoplay: true }).catch(failed)}>
          {text}
        </UnstyledButton>
      ) : (
        <span className={classes.main}>{text}</span>
      )}
      {onRemove && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={40} disabled={pending} aria-label={t('list.more', { title })}>
              <Ellipsis size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Pencil size={16} />} onClick={() => setRenaming(true)}>
              {t('list.rename')}
            </Menu.Item>
            {item.kind === 'youtube' && (
              <Menu.Item leftSection={<ScanSearch size={16} />} onClick={onCheck}>
                {t('list.check')}
              </Menu.Item>
            )}
            <Menu.Item color="red" leftSection={<Trash2 size={16} />} onClick={onRemove}>
              {t('list.remove')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}

/** Below the title: how long it is, or what is wrong with it and what to do. */
function EntryLine({ entry, checking, trouble }: { entry: PlaylistEntry; checking: boolean; trouble: PlayerProblem | 'unknown' | undefined }) {
  const { t } = useTranslation('lesson');
  if (checking) return <span className={classes.meta}>{t('list.checking')}</span>;
  if (entry.problem !== '') return <span className={classes.bad}>{t(`list.problem.${entry.problem}`)}</span>;
  if (trouble) return <span className={classes.meta}>{t('list.unchecked')}</span>;
  const kind = entry.item.kind === 'youtube' ? 'YouTube' : t('list.file');
  return <span className={classes.meta}>{entry.item.duration ? `${kind} · ${clockTime(entry.item.duration)}` : kind}</span>;
}
