import { notifications } from '@mantine/notifications';
import { type ReactNode, useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useConfirm } from '@/components/confirm';
import { ownParticipant } from '@/media/meetingSnapshot';
import { useSession } from './sessions';

export interface Sharing {
  /** Shares a screen, or stops. Where only one fits, a teacher is asked before another's is taken away. */
  toggle: () => void;
  dialog: ReactNode;
}

export function useSharing(): Sharing {
  const { t } = useTranslation('meeting');
  const { meeting: session } = useSession();
  const { ask, dialog } = useConfirm();
  const toggle = useCallback(() => {
    const room = session.snapshot();
    const own = ownParticipant(room);
    const share = () => void session.shareScreen();
    if (session.local.snapshot().screen) return session.stopScreen();
    const other = room.participants.find((p) => p.screen_sharing && p !== own && p.room_id === own?.room_id);
    if (!other || room.settings.many_screens) return share();
    const { name } = other.user;
    if (own?.role === 'student') return void notifications.show({ message: t('notice.screenBusy', { name }), color: 'orange', withBorder: true });
    ask({ title: t('takeOver.title', { name }), text: t('takeOver.text'), action: t('takeOver.confirm'), onConfirm: share });
  }, [session, ask, t]);
  return { toggle, dialog };
}
