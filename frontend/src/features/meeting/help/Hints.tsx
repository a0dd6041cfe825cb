import { Button } from '@mantine/core';
import { Lightbulb } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMeetingPart, usePollsState, useWatchPart } from '../sessions';
import { hintsFor, sawHint, seenHints, switchOffHints } from './hints';
import classes from './hints.module.css';

/** What somebody new to the room should know, once. */
export function Hints() {
  const { t } = useTranslation('groups');
  const [seen, setSeen] = useState(seenHints);
  const own = useMeetingPart((room) => room.participants.find(({ participant_id }) => participant_id === room.me));
  // Nothing may lie over a video, and nobody should read while it plays.
  const watching = useWatchPart((watch) => watch.timeline?.item != null);
  const { card } = usePollsState();
  if (!own || watching || card || seen === 'off') return null;
  const hints = hintsFor({ teacher: own.role !== 'student', grouped: own.room_id !== '', keyboard: !matchMedia('(pointer: coarse)').matches });
  const hint = hints.find((one) => !seen.includes(one));
  if (!hint) return null;
  const next = () => {
    sawHint(hint);
    setSeen(seenHints());
  };
  const end = () => {
    switchOffHints();
    setSeen('off');
  };
  return (
    <aside className={classes.hint} aria-label={t('hints.title')}>
      <Lightbulb size={20} aria-hidden />
      <p role="status">{t(`hints.${hint}`)}</p>
      <div className={classes.actions}>
        <Button size="sm" variant="subtle" color="gray" onClick={end}>
          {t('hints.off')}
        </Button>
        <Button size="sm" variant="light" onClick={next}>
          {t('hints.next')}
        </Button>
      </div>
    </aside>
  );
}
