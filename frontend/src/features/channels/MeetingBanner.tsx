import { useTranslation } from 'react-i18next';
import type { Channel } from '@/api/wire.gen';
import { LiveDot } from '@/components/LiveDot';
import { MeetingLink } from './MeetingLink';
import classes from './MeetingBanner.module.css';

/** Stands over the posts while a lesson goes on. */
export function MeetingBanner({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const meeting = channel.active_meeting;
  if (!meeting) return null;
  return (
    <section className={classes.banner} aria-label={t('meetingLive')}>
      <LiveDot label={t('meetingLive')} />
      <div className={classes.words}>
        <strong>{t('meetingLive')}</strong>
        <span>{t('meetingBy', { name: meeting.host.name, count: meeting.participant_count })}</span>
      </div>
      <MeetingLink meetingId={meeting.id}>{t('joinMeeting')}</MeetingLink>
    </section>
  );
}
