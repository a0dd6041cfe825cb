import { Button } from '@mantine/core';
import { Lightbulb } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { usePreferencesQuery, useUpdatePreferencesMutation } from '@/api/preferences';
import { useMeetingPart, usePollsState, useWatchPart } from '../sessions';
import { nextHint, noHints } from './hints';
import classes from './hints.module.css';

/** What somebody new to the room should know, once; on whatever device it was seen. */
export function Hints() {
  const { t } = useTranslation('groups');
  const { data: preferences } = usePreferencesQuery();
  const [update] = useUpdatePreferencesMutation();
  const own = useMeetingPart((room) => room.participants.find(({ participant_id }) => participant_id === room.me));
  // Nothing may lie over a video, and nobody should read while it plays.
  const watching = useWatchPart((watch) => watch.timeline?.item != null);
  const { card } = usePollsState();
  if (!own || watching || card || !preferences) return null;
  const seen = preferences.hints_seen;
  const circumstances = { teacher: own.role !== 'student', grouped: own.room_id !== '', keyboard: !matchMedia('(pointer: coarse)').matches };
  const hint = nextHint(circumstances, seen);
  if (!hint) return null;
  const saw = (word: string) => void update({ hints_seen: [...seen, word] });
  return (
    <aside className={classes.hint} aria-label={t('hints.title')}>
      <Lightbulb size={20} aria-hidden />
      <p role="status">{t(`hints.${hint}`)}</p>
      <div className={classes.actions}>
        <Button size="sm" variant="subtle" color="gray" onClick={() => saw(noHints)}>
          {t('hints.off')}
        </Button>
        <Button size="sm" variant="light" onClick={() => saw(hint)}>
          {t('hints.next')}
        </Button>
      </div>
    </aside>
  );
}
