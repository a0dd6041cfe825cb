import { Button, FileButton, Switch } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { FolderOpen, Upload } from 'lucide-react';
import { type DragEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlaybackItem, PlaylistEntry } from '@/api/wire.gen';
import { placeAt } from '@/playback/playlistEdits';
import { ChannelFiles } from './ChannelFiles';
import { LinkForm } from './LinkForm';
import classes from './panel.module.css';
import { PLAYABLE } from './playable';
import { PlaylistRow } from './PlaylistRow';
import { useLesson, useWatchRoom } from './room';
import { undoable } from './undoable';
import { UploadRows } from './UploadRows';
import { useChecks } from './useChecks';
import { useFailed } from './useFailed';
import { useReorder } from './useReorder';
import { useVideoUploads, type VideoUploads } from './useVideoUploads';
import { useWatch } from './useWatch';

/** The channel's list of what to watch. Teachers change it; students see what comes. */
export function PlaylistTab() {
  const { teacher } = useWatchRoom();
  return teacher ? <TeachersList /> : <StudentsList />;
}

function StudentsList() {
  const { t } = useTranslation('lesson');
  const { playlist } = useLesson();
  const entries = playlist?.entries ?? [];
  if (entries.length === 0) return <p className={classes.hint}>{t('list.emptyStudent')}</p>;
  return (
    <ol className={classes.rows}>
      {entries.map((entry) => (
        <PlaylistRow key={entry.id} entry={entry} />
      ))}
    </ol>
  );
}

function TeachersList() {
  const { t } = useTranslation('lesson');
  const { lesson } = useWatchRoom();
  const { playlist } = useLesson();
  const failed = useFailed();
  const add = (item: PlaybackItem) => lesson.edit({ op: 'add', item });
  const uploads = useVideoUploads((file) => add({ kind: 'file', file_id: file.id }));
  return (
    <DropZone onFiles={uploads.add}>
      <div className={classes.stack}>
        <LinkForm action={t('list.add')} onPick={add} />
        <Rows />
        <UploadRows uploads={uploads} />
        <MoreSources uploads={uploads} onPick={(fileId) => void add({ kind: 'file', file_id: fileId }).catch(failed)} />
        {playlist && playlist.entries.length > 1 && (
          <Switch
            label={t('list.autoNext')}
            checked={playlist.auto_next}
            onChange={(event) => void lesson.edit({ op: 'auto_next', autoNext: event.currentTarget.checked }).catch(failed)}
          />
        )}
      </div>
    </DropZone>
  );
}

function Rows() {
  const { t } = useTranslation('lesson');
  const { lesson } = useWatchRoom();
  const { timeline } = useWatch();
  const { playlist } = useLesson();
  const failed = useFailed();
  const [said, setSaid] = useState('');
  const entries = playlist?.entries ?? [];
  const checks = useChecks(entries, timeline?.item?.key);
  const nameOf = (entry: PlaylistEntry) => entry.item.title || t('list.untitled');

  const reorder = useReorder(entries, (id, index) => {
    const entry = entries.find((one) => one.id === id);
    if (!entry) return;
    setSaid(t('list.moved', { title: nameOf(entry), place: index + 1, total: entries.length }));
    void lesson.edit({ op: 'move', entryId: id, place: placeAt(entries, index, id) }).catch(failed);
  });
  const remove = (entry: PlaylistEntry) => {
    const { item } = entry;
    const back = { op: 'add', item, place: placeAt(entries, entries.indexOf(entry), entry.id), ...(item.title && { title: item.title }) } as const;
    void lesson
      .edit({ op: 'remove', entryId: entry.id })
      .then(() => notifications.show(undoable({ text: t('list.removed', { title: nameOf(entry) }), undo: t('undo'), onUndo: () => void lesson.edit(back).catch(failed) })), failed);
  };

  if (entries.length === 0) return <p className={classes.hint}>{t('list.empty')}</p>;
  return (
    <div className={classes.group}>
      <ul ref={reorder.list} className={classes.rows} data-moves>
        {entries.map((entry) => (
          <PlaylistRow
            key={entry.id}
            entry={entry}
            order={reorder.placeOf(entry.id)}
            dragged={reorder.dragged === entry.id}
            grip={reorder.handle(entry.id)}
            checking={checks.checking === entry.id}
            trouble={checks.troubles[entry.id]}
            onCheck={() => checks.again(entry.id)}
            onRemove={() => remove(entry)}
          />
        ))}
      </ul>
      {checks.checking && <div ref={checks.attach} className={classes.preview} />}
      <span className="visually-hidden" role="status" aria-live="polite">
        {said}
      </span>
    </div>
  );
}

function MoreSources({ uploads, onPick }: { uploads: VideoUploads; onPick: (fileId: string) => void }) {
  const { t } = useTranslation('lesson');
  const { channelId } = useWatchRoom();
  const [files, setFiles] = useState(false);
  return (
    <div className={classes.group}>
      <div className={classes.two}>
        <FileButton accept={PLAYABLE} multiple onChange={uploads.add} inputProps={{ 'aria-label': t('list.upload') }}>
          {(props) => (
            <Button {...props} className={classes.grow} variant="default" size="sm" leftSection={<Upload size={15} />}>
              {t('list.upload')}
            </Button>
          )}
        </FileButton>
        <Button className={classes.grow} variant="default" size="sm" leftSection={<FolderOpen size={15} />} aria-expanded={files} onClick={() => setFiles(!files)}>
          {t('list.files')}
        </Button>
      </div>
      {files && <ChannelFiles channelId={channelId} onPick={(file) => onPick(file.id)} />}
    </div>
  );
}

/** Files dropped anywhere on the list are uploaded into it. */
function DropZone({ onFiles, children }: { onFiles: (files: Iterable<File>) => void; children: ReactNode }) {
  const [over, setOver] = useState(false);
  const withFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  return (
    <div
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        if (!withFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (!withFiles(event)) return;
        event.preventDefault();
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
    </div>
  );
}
