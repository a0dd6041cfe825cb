import { useTranslation } from 'react-i18next';
import type { MeetingSummary } from '@/api/wire.gen';
import { LiveDot } from '@/components/LiveDot';
import { type Role, teaches } from '@/components/roles';
import { useFormats } from '@/i18n/format';
import { MeetingLink } from '../MeetingLink';
import { AttendanceButton } from './AttendanceButton';
import classes from './meetings.module.css';
import { ReviewButton } from './ReviewButton';

interface MeetingCardProps {
  meeting: MeetingSummary;
  channelId: string;
  myRole: Role;
}

/** What the post of a meeting says: that the class meets, or when it met and how many came. */
export function MeetingCard({ meeting, channelId, myRole }: MeetingCardProps) {
  const { t } = useTranslation('channels');
  const { time } = useFormats();
  const { id, started_at: from, ended_at: to, people } = meeting;
  return (
    <div className={classes.card} data-live={to === null || undefined}>
      {to === null ? (
        <>
          <LiveDot label={t('meetingLive')} />
          <p className={classes.words}>
            <strong>{t('meetings.live')}</strong>
            <span>{t('meetings.since', { time: time(from) })}</span>
          </p>
          {teaches(myRole) && <AttendanceButton meeting={meeting} myRole={myRole} />}
          <MeetingLink meetingId={id}>{t('joinMeeting')}</MeetingLink>
        </>
      ) : (
        <>
          <p className={classes.words}>
            <strong>{t('meetings.met')}</strong>
            <span>
              {time(from)}–{time(to)} · {t('members', { count: people })}
            </span>
          </p>
          <div className={classes.actions}>
            {teaches(myRole) && <ReviewButton meeting={meeting} channelId={channelId} />}
            <AttendanceButton meeting={meeting} myRole={myRole} />
          </div>
        </>
      )}
    </div>
  );
}
