import type { TFunction } from 'i18next';
import type { CallSnapshot } from '@/media/callSession';

/** Why a call is over, in words. */
export function endWords(t: TFunction<'call'>, { end, refusal, outgoing, call }: Pick<CallSnapshot, 'end' | 'refusal' | 'outgoing' | 'call'>, name: string): string {
  switch (end) {
    case null:
    case 'hangup':
      return t('end.hangup');
    case 'declined':
    case 'busy':
      return outgoing ? t(`end.${end}`, { name }) : t(`end.${end}Self`);
    case 'cancelled':
      return outgoing ? t('end.cancelled') : t('end.cancelledBy', { name });
    case 'refused':
      if (refusal === 'rate_limited') return t('end.refusedOften');
      if (refusal === 'forbidden' || refusal === 'not_found') return t(call ? 'end.refusedOver' : 'end.refusedNot', { name });
      return refusal === 'conflict' ? t(call ? 'end.refusedOver' : 'end.refusedTwice') : t('end.refused');
    default:
      return t(`end.${end}`, { name });
  }
}
