import { Button, Drawer, Skeleton } from '@mantine/core';
import { Presentation } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useChannelMeetingsInfiniteQuery } from '@/api/meetings';
import { asProblem } from '@/api/problem';
import type { Channel, Meeting } from '@/api/wire.gen';
import { EmptyState } from '@/components/EmptyState';
import { ProblemNote } from '@/components/ProblemNote';
import { teaches } from '@/components/roles';
import { useNameOf } from '@/components/useNameOf';
import { useFormats } from '@/i18n/format';
import { MeetingLink } from '../MeetingLink';
import { AttendanceButton } from './AttendanceButton';
import classes from './meetings.module.css';
import { ReviewButton } from './ReviewButton';

interface MeetingsDrawerProps {
  channel: Channel;
  opened: boolean;
  onClose: () => void;
}

/** The lessons that a channel has had, newest first. */
export function MeetingsDrawer({ channel, opened, onClose }: MeetingsDrawerProps) {
  const { t } = useTranslation(['channels', 'common']);
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size={440} title={t('meetings.title')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <Meetings channel={channel} />
    </Drawer>
  );
}

function Meetings({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const { data, error, refetch, hasNextPage, isFetching, fetchNextPage } = useChannelMeetingsInfiniteQuery(channel.id, { refetchOnMountOrArgChange: true });
  const meetings = data?.pages.flatMap(({ items }) => items);
  if (error && !meetings) return <ProblemNote problem={asProblem(error)} title={t('meetings.failed')} onRetry={() => void refetch()} />;
  if (!meetings) return [1, 2, 3].map((n) => <Skeleton key={n} height={76} radius="md" mb={8} />);
  if (meetings.length === 0) {
    return <EmptyState icon={<Presentation size={24} />} title={t('meetings.empty')} text={t(teaches(channel.my_role) ? 'meetings.emptyTeacher' : 'meetings.emptyText')} />;
  }
  return (
    <>
      <ul className={classes.list}>
        {meetings.map((meeting) => (
          <MeetingRow key={meeting.id} meeting={meeting} channel={channel} />
        ))}
      </ul>
      {hasNextPage && (
        <Button variant="default" fullWidth mt="sm" loading={isFetching} onClick={() => void fetchNextPage()}>
          {t('meetings.more')}
        </Button>
      )}
    </>
  );
}

function MeetingRow({ meeting, channel }: { meeting: Meeting; channel: Channel }) {
  const { t } = useTranslation('channels');
  const nameOf = useNameOf();
  const { day, time } = useFormats();
  const { started_at: from, ended_at: to, host, participant_count: count } = meeting;
  return (
    <li className={classes.meeting}>
      <p className={classes.words}>
        <strong>{day(from)}</strong>
        <span>
          {to === null ? t('meetings.since', { time: time(from) }) : `${time(from)}–${time(to)}`} · {t('members', { count })}
        </span>
        <span>{t('meetings.by', { name: nameOf(host) })}</span>
      </p>
      {to === null ? (
        <MeetingLink meetingId={meeting.id}>{t('joinMeeting')}</MeetingLink>
      ) : (
        <div className={classes.actions}>
          {teaches(channel.my_role) && <ReviewButton meeting={meeting} channelId={channel.id} />}
          <AttendanceButton meeting={meeting} myRole={channel.my_role} />
        </div>
      )}
    </li>
  );
}
