import { NativeSelect, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchAttendanceTable, useAttendanceQuery } from '@/api/meetings';
import { useMembersQuery } from '@/api/members';
import { asProblem } from '@/api/problem';
import type { Attendance, AttendanceRow } from '@/api/wire.gen';
import { ProblemNote } from '@/components/ProblemNote';
import { UserAvatar } from '@/components/UserAvatar';
import { useNameOf } from '@/components/useNameOf';
import { useFormats } from '@/i18n/format';
import { absentees, share, type SortKey, sortRows } from './attendance';
import { DownloadButton } from './DownloadButton';
import classes from './meetings.module.css';
import { PresenceBar } from './PresenceBar';

const sorts: SortKey[] = ['joined', 'name', 'number', 'present'];

/** Teachers: who was in a meeting, when and how long, and who was not. */
export function AttendanceTable({ meetingId }: { meetingId: string }) {
  const { t } = useTranslation('channels');
  const { data, error, refetch } = useAttendanceQuery(meetingId);
  if (error) return <ProblemNote problem={asProblem(error)} title={t('attendance.failed')} onRetry={() => void refetch()} />;
  if (!data) return [1, 2, 3, 4].map((n) => <Skeleton key={n} height={40} radius="md" mb={8} />);
  return <Table attendance={data} />;
}

function Table({ attendance: { meeting, held_seconds: held, items } }: { attendance: Attendance }) {
  const { t, i18n } = useTranslation('channels');
  const { day, time } = useFormats();
  const [sort, setSort] = useState<SortKey>('joined');
  const until = meeting.ended_at === null ? Date.parse(meeting.started_at) + held * 1000 : Date.parse(meeting.ended_at);
  return (
    <>
      <div className={classes.tools}>
        <p className={classes.words}>
          <strong>{day(meeting.started_at)}</strong>
          <span>
            {time(meeting.started_at)}–{meeting.ended_at === null ? t('attendance.now') : time(meeting.ended_at)} · {t('attendance.minutes', { count: Math.round(held / 60) })} ·{' '}
            {t('members', { count: items.length })}
          </span>
        </p>
        <NativeSelect
          aria-label={t('attendance.sort')}
          value={sort}
          onChange={(event) => setSort(event.currentTarget.value as SortKey)}
          data={sorts.map((value) => ({ value, label: t(`attendance.sorts.${value}`) }))}
        />
        <DownloadButton filename={`attendance-${meeting.started_at.slice(0, 10)}.csv`} fetch={() => fetchAttendanceTable(meeting.id)} />
      </div>
      {items.length === 0 ? (
        <p className={classes.text}>{t('attendance.nobody')}</p>
      ) : (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('attendance.name')}</th>
              <th scope="col">{t('attendance.number')}</th>
              <th scope="col">{t('attendance.first')}</th>
              <th scope="col">{t('attendance.last')}</th>
              <th scope="col">{t('attendance.present')}</th>
              <th scope="col">
                <span className="visually-hidden">{t('attendance.when')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sortRows(items, sort, i18n.language).map((row) => (
              <Row key={row.user.id} row={row} held={held} startedAt={meeting.started_at} until={until} />
            ))}
          </tbody>
        </table>
      )}
      <Absent channelId={meeting.channel_id} items={items} until={until} />
    </>
  );
}

function Row({ row, held, startedAt, until }: { row: AttendanceRow; held: number; startedAt: string; until: number }) {
  const { t } = useTranslation('channels');
  const nameOf = useNameOf();
  const { time, percent } = useFormats();
  const first = row.intervals[0];
  const last = row.intervals.at(-1);
  return (
    <tr>
      <th scope="row">
        <span className={classes.person}>
          <UserAvatar user={row.user} size={30} />
          <span className={classes.name}>{nameOf(row.user)}</span>
        </span>
      </th>
      <td data-label={t('attendance.number')} data-empty={row.student_number === '' || undefined}>
        {row.student_number || '–'}
      </td>
      <td data-label={t('attendance.first')}>{first && time(first.joined_at)}</td>
      <td data-label={t('attendance.last')}>{last && (last.left_at === null ? t('attendance.now') : time(last.left_at))}</td>
      <td data-label={t('attendance.present')}>
        {t('attendance.minutes', { count: Math.round(row.seconds / 60) })} <span className={classes.soft}>{percent(share(row.seconds, held))}</span>
      </td>
      <td className={classes.barCell}>
        <PresenceBar intervals={row.intervals} startedAt={startedAt} until={until} />
      </td>
    </tr>
  );
}

/** Students of the channel who did not come. */
function Absent({ channelId, items, until }: { channelId: string; items: AttendanceRow[]; until: number }) {
  const { t, i18n } = useTranslation('channels');
  const { list } = useFormats();
  const nameOf = useNameOf();
  const { data: members } = useMembersQuery(channelId);
  const missing = absentees(items, members ?? [], until, i18n.language);
  if (missing.length === 0) return null;
  return (
    <section className={classes.absent}>
      <h3>{t('attendance.absent', { count: missing.length })}</h3>
      <p>{list(missing.map(({ user }) => nameOf(user)))}</p>
    </section>
  );
}
