import { useTranslation } from 'react-i18next';
import type { AttendanceInterval } from '@/api/wire.gen';
import { useFormats } from '@/i18n/format';
import { segments } from './attendance';
import classes from './meetings.module.css';

interface PresenceBarProps {
  intervals: AttendanceInterval[];
  startedAt: string;
  /** The end of the meeting, or now. */
  until: number;
}

/** The length of a meeting, and when somebody was in it. */
export function PresenceBar({ intervals, startedAt, until }: PresenceBarProps) {
  const { t } = useTranslation('channels');
  const { time, list } = useFormats();
  const spans = intervals.map(({ joined_at, left_at }) => `${time(joined_at)}–${left_at === null ? t('attendance.now') : time(left_at)}`);
  return (
    <div className={classes.bar} role="img" aria-label={list(spans)} title={spans.join(', ')}>
      {segments(intervals, startedAt, until).map(({ from, length }, n) => (
        <span key={n} style={{ left: `${from * 100}%`, width: `${length * 100}%` }} />
      ))}
    </div>
  );
}
