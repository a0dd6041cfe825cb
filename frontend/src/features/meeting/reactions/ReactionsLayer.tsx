import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FloatingReaction } from '@/classroom/reactions';
import { useFormats } from '@/i18n/format';
import { useMeetingPart, useReactionsState } from '../sessions';
import classes from './reactions.module.css';

/** Reactions that rise over the room and fade. Who wants less motion sees them appear and go. */
export function ReactionsLayer() {
  const { floating } = useReactionsState();
  const participants = useMeetingPart((room) => room.participants);
  const nameOf = (id: string) => participants.find((person) => person.participant_id === id)?.user.name;
  return (
    <>
      <div className={classes.layer} aria-hidden="true" data-testid="reactions">
        {floating.map(({ key, emoji, participant_id: id }) => (
          // The way up depends on the key alone: a rise does not change its course while others begin.
          <span key={key} className={classes.float} style={{ left: `${4 + ((key * 37) % 29)}%`, animationDuration: `${3400 + ((key * 53) % 6) * 100}ms` }}>
            <span className={classes.face}>{emoji}</span>
            <span className={classes.name}>{nameOf(id)}</span>
          </span>
        ))}
      </div>
      <Spoken floating={floating} />
    </>
  );
}

/** How often reactions are told to screen readers, at most, in milliseconds. */
const TELL_EVERY_MS = 3_000;

/** What has come since it was told last, in one line. */
function Spoken({ floating }: { floating: FloatingReaction[] }) {
  const { t } = useTranslation('classroom');
  const { list } = useFormats();
  const [words, setWords] = useState('');
  const told = useRef(0);
  const latest = useRef(floating);
  latest.current = floating;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const newest = floating.at(-1)?.key ?? 0;

  useEffect(() => {
    if (newest <= told.current || timer.current !== undefined) return;
    const tell = () => {
      const fresh = latest.current.filter(({ key }) => key > told.current);
      timer.current = fresh.length > 0 ? setTimeout(tell, TELL_EVERY_MS) : undefined;
      if (fresh.length === 0) return;
      told.current = fresh.at(-1)?.key ?? told.current;
      const counts = new Map<string, number>();
      for (const { emoji } of fresh) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
      setWords(t('reactions.came', { list: list([...counts].map(([emoji, count]) => (count > 1 ? `${emoji} × ${count}` : emoji))) }));
    };
    // The first ones of an applause come together.
    timer.current = setTimeout(tell, 600);
  }, [newest, t, list]);
  useEffect(() => () => clearTimeout(timer.current), []);

  return (
    <p className="visually-hidden" role="status">
      {words}
    </p>
  );
}
