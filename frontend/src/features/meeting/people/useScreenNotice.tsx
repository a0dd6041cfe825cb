import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ToastWithAction } from '@/components/media/ToastWithAction';
import { useSession } from '../sessions';
import { heardScreen } from './peopleList';
import { useAct } from './useAct';

const TOAST = 'screen-heard';

/** Says so when a student who was muted, or any of them all, is still heard: through a shared screen. */
export function useScreenNotice(): (participantId?: string) => void {
  const { t } = useTranslation('classroom');
  const { meeting } = useSession();
  const act = useAct();
  return useCallback(
    (participantId) => {
      const sharer = heardScreen(meeting.snapshot(), participantId);
      if (!sharer) return;
      const lock = () => {
        notifications.hide(TOAST);
        void act(meeting.changeSettings({ screen_locked: true }));
      };
      notifications.hide(TOAST); // it may name somebody else
      notifications.show({
        id: TOAST,
        autoClose: 10_000,
        withBorder: true,
        message: <ToastWithAction text={t('tools.screenHeard', { name: sharer.user.name })} action={t('tools.lockScreen')} variant="light" onAction={lock} />,
      });
    },
    [meeting, act, t],
  );
}
