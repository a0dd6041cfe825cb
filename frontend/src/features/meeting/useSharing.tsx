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
    if (session.local.snapshot().screen) return session.stopScreen();
    const share = () => void session.shareScreen();
    const other = session.sharer();
    // The session itself tells students whose screen is on.
    if (!other || ownParticipant(session.snapshot())?.role === 'student') return share();
    const { name } = other.user;
    ask({ title: t('takeOver.title', { name }), text: t('takeOver.text', { name }), action: t('takeOver.confirm'), onConfirm: share });
  }, [session, ask, t]);
  return { toggle, dialog };
}
