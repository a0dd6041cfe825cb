import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMyAttendanceQuery } from '@/api/meetings';
import { asProblem } from '@/api/problem';
import { ProblemNote } from '@/components/ProblemNote';
import { useFormats } from '@/i18n/format';
import { type MeetingTimes, share } from './attendance';
import { PresenceBar } from './PresenceBar';
import classes from './meetings.module.css';

/** When one was in a meeting oneself, as one's teachers see it. */
export function MyAttendance({ meeting: { id, started_at: from, ended_at: to } }: { meeting: MeetingTimes }) {
  const { t } = useTranslation('channels');
  const { time, percent } = useFormats();
  const { data: row, error, refetch } = useMyAttendanceQuery(id);
  if (error) return <ProblemNote problem={asProblem(error)} title={t('attendance.failed')} onRetry={() => void refetch()} />;
  if (!row) return <Skeleton height={72} radius="md" />;
  if (row.intervals.length === 0) return <p className={classes.text}>{t('attendance.notThere')}</p>;
  const until = to === null ? Date.now() : Date.parse(to);
  const held = (until - Date.parse(from)) / 1000;
  return (
    <div className={classes.mine}>
      <p>
        {t('attendance.iWasThere', { minutes: minutes(row.seconds), held: minutes(held), percent: percent(share(row.seconds, held)) })}
      </p>
      <PresenceBar intervals={row.intervals} startedAt={from} until={until} />
      <p className={classes.ends}>
        <span>{time(from)}</span>
        <span>{to === null ? t('attendance.now') : time(to)}</span>
      </p>
      <ul className={classes.intervals}>
        {row.intervals.map(({ joined_at: joined, left_at: left }) => (
          <li key={joined}>
            {time(joined)} – {left === null ? t('attendance.now') : time(left)}
          </li>
        ))}
      </ul>
    </div>
  );
}

const minutes = (seconds: number) => Math.round(seconds / 60);
