import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { useSession } from './sessions';

/** Puts the meeting's address on the clipboard, for whoever asks where it is; null where a page may not write there. */
export function useCopyLink(): (() => Promise<void>) | null {
  const { t } = useTranslation('meeting');
  const { meeting } = useSession();
  if (!('clipboard' in navigator)) return null;
  return async () => {
    const copied = await navigator.clipboard.writeText(`${location.origin}/meeting/${meeting.meetingId}`).then(
      () => true,
      () => false,
    );
    notifications.show(copied ? { message: t('link.copied'), autoClose: 2500 } : { color: 'red', message: t('link.failed') });
  };
}
