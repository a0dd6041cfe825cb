import { Button } from '@mantine/core';
import { type NotificationData, notifications } from '@mantine/notifications';
import { newId } from '@/api/ids';
import classes from './watch.module.css';

const UNDO_MS = 10_000;

/** A notification of something removed that can be had back. */
export function undoable({ text, undo, onUndo }: { text: string; undo: string; onUndo: () => void }): NotificationData {
  const id = newId();
  return {
    id,
    autoClose: UNDO_MS,
    message: (
      <span className={classes.undo}>
        {text}
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => {
            notifications.hide(id);
            onUndo();
          }}
        >
          {undo}
        </Button>
      </span>
    ),
  };
}
