import { ActionIcon, Button, UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { CirclePause, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Marker } from '@/api/wire.gen';
import { clockTime } from '@/components/clockTime';
import classes from './panel.module.css';
import { useLesson, useWatchRoom } from './room';
import { StopForm } from './StopForm';
import { undoable } from './undoable';
import { useDriving } from './useDriving';
import { useFailed } from './useFailed';
import { useWatch } from './useWatch';

/** Where the class will pause for a question. They belong to the channel and the video, so they are there the next time. */
export function StopsTab() {
  const { t } = useTranslation('lesson');
  const { session, lesson } = useWatchRoom();
  const { timeline } = useWatch();
  const { markers } = useLesson();
  const failed = useFailed();
  const [edited, setEdited] = useState<Partial<Marker> | null>(null);
  const key = timeline?.item?.key;
  if (!key) return <p className={classes.hint}>{t('stops.noVideo')}</p>;
  const here = markers.filter((marker) => marker.key === key).toSorted((a, b) => a.t - b.t);

  const remove = (marker: Marker) =>
    void lesson.removeMarker(marker.id).then(
      () => notifications.show(undoable({ text: t('stops.removed', { time: clockTime(marker.t) }), undo: t('undo'), onUndo: () => void lesson.setMarker(marker).catch(failed) })),
      failed,
    );

  return (
    <div className={classes.stack}>
      {here.length === 0 && !edited && <p className={classes.hint}>{t('stops.empty')}</p>}
      {here.length > 0 && (
        <ul className={classes.rows}>
          {here.map((marker) =>
            edited?.id === marker.id ? (
              <li key={marker.id}>
                <StopForm marker={marker} itemKey={key} onDone={() => setEdited(null)} />
              </li>
            ) : (
              <StopRow key={marker.id} marker={marker} onEdit={() => setEdited(marker)} onRemove={() => remove(marker)} />
            ),
          )}
        </ul>
      )}
      {edited && !edited.id ? (
        <StopForm marker={edited} itemKey={key} onDone={() => setEdited(null)} />
      ) : (
        <Button variant="default" leftSection={<CirclePause size={16} />} onClick={() => setEdited({ t: session.position() })}>
          {t('stops.add')}
        </Button>
      )}
    </div>
  );
}

function StopRow({ marker, onEdit, onRemove }: { marker: Marker; onEdit: () => void; onRemove: () => void }) {
  const { t } = useTranslation('lesson');
  const { session } = useWatchRoom();
  const { drives } = useDriving();
  const failed = useFailed();
  const time = clockTime(marker.t);
  return (
    <li className={classes.row}>
      <UnstyledButton className={classes.time} disabled={!drives} aria-label={t('questions.go', { time })} onClick={() => void session.seek(marker.t).catch(failed)}>
        {time}
      </UnstyledButton>
      <span className={classes.main}>
        <span className={classes.title}>{marker.question}</span>
        <span className={classes.meta}>{marker.choices.length > 0 ? t('stops.choices', { count: marker.choices.length }) : t('stops.text')}</span>
      </span>
      <ActionIcon variant="subtle" color="gray" size={40} aria-label={t('stops.edit', { time })} onClick={onEdit}>
        <Pencil size={16} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" size={40} aria-label={t('stops.remove', { time })} onClick={onRemove}>
        <Trash2 size={16} />
      </ActionIcon>
    </li>
  );
}
