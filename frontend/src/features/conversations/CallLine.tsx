import { Phone, PhoneMissed, PhoneOff, Video } from 'lucide-react';
import { use } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call, Message } from '@/api/wire.gen';
import { clockTime } from '@/components/clockTime';
import { useMe } from '@/components/hooks';
import { ProfileSlots } from '@/components/ProfileCard';
import { useNameOf } from '@/components/useNameOf';
import { useFormats } from '@/i18n/format';
import classes from './message.module.css';

/** The line that a call leaves between the messages: what became of it, how long it was, and a way to call again. */
export function CallLine({ call, createdAt }: { call: NonNullable<Message['call']>; createdAt: string }) {
  const { t } = useTranslation('conversations');
  const me = useMe();
  const nameOf = useNameOf();
  const { time, full } = useFormats();
  const { CallButtons } = use(ProfileSlots);
  const mine = call.caller.id === me.id;
  const other = mine ? call.callee : call.caller;
  const missed = !mine && call.answered_at === null && call.state === 'ended' && call.reason !== 'declined';
  const Icon = missed ? PhoneMissed : call.answered_at === null && call.state === 'ended' ? PhoneOff : call.media === 'video' ? Video : Phone;
  const title = missed ? t(call.media === 'video' ? 'call.missedVideo' : 'call.missedAudio') : t(call.media === 'video' ? 'call.video' : 'call.audio');
  return (
    <div className={classes.call} data-missed={missed || undefined}>
      <span className={classes.callIcon}>
        <Icon size={18} aria-hidden="true" />
      </span>
      <span className={classes.callWords}>
        <strong>{title}</strong>
        <span>
          {[mine ? t('call.outgoing') : t('call.incoming', { name: nameOf(other) }), useOutcome(call, missed)].filter(Boolean).join(' · ')} ·{' '}
          <time dateTime={createdAt} title={full(createdAt)}>
            {time(createdAt)}
          </time>
        </span>
      </span>
      {CallButtons && call.state === 'ended' && <CallButtons user={other} />}
    </div>
  );
}

function useOutcome(call: Call, missed: boolean): string {
  const { t } = useTranslation('conversations');
  if (call.state !== 'ended') return t('call.going');
  if (call.answered_at !== null && call.ended_at !== null) {
    const length = clockTime((Date.parse(call.ended_at) - Date.parse(call.answered_at)) / 1000);
    return call.reason === 'lost' ? `${length} · ${t('call.lost')}` : length;
  }
  if (missed) return '';
  switch (call.reason) {
    case 'declined':
      return t('call.declined');
    case 'busy':
      return t('call.busy');
    case 'cancelled':
      return t('call.cancelled');
    case 'failed':
      return t('call.failed');
    default:
      return t('call.noAnswer');
  }
}
