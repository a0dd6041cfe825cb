import type { TFunction } from 'i18next';
import { canShareSound } from '@/media/devices';
import type { LocalNotice } from '@/media/localMedia';

/** What happened to one's own devices, in words. */
export function localNoticeText(t: TFunction<'media'>, notice: LocalNotice): string {
  switch (notice.kind) {
    case 'device_changed':
      return t('notice.deviceChanged', { label: notice.label });
    case 'device_lost':
      return t(`notice.${notice.device}Lost`);
    case 'device_held':
      return t(`notice.${notice.device}Held`);
    case 'noise_failed':
      return t('notice.noiseFailed');
    case 'screen_silent':
      return t(canShareSound() ? 'notice.screenSilent' : 'notice.screenNoSound');
    case 'screen_failed':
      return t('notice.screenFailed');
  }
}
