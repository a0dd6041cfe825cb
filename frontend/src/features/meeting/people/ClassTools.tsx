import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { MicOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ToastWithAction } from '@/components/media/ToastWithAction';
import { useSession } from '../sessions';
import { Locks } from './Locks';
import classes from './people.module.css';
import { useAct } from './useAct';
import { useScreenNotice } from './useScreenNotice';

const TOAST = 'muted-all';

/** Teachers: what concerns the whole class. */
export function ClassTools() {
  const { t } = useTranslation('classroom');
  const { meeting } = useSession();
  const act = useAct();
  const stillHeard = useScreenNotice();

  const lock = async (locked: boolean) => {
    notifications.hide(TOAST);
    if (await act(meeting.changeSettings({ microphones_locked: locked }))) {
      notifications.show({ message: t(locked ? 'tools.nowLocked' : 'tools.nowOpen') });
    }
  };
  /** One press for quiet; whether they may speak up again is asked afterwards. */
  const muteAll = async () => {
    if (!(await act(meeting.mute()))) return;
    const locked = meeting.snapshot().settings.microphones_locked;
    notifications.hide(TOAST);
    notifications.show({
      id: TOAST,
      autoClose: 10_000,
      withBorder: true,
      message: (
        <ToastWithAction
          text={t(locked ? 'tools.mutedLocked' : 'tools.mutedOpen')}
          action={t(locked ? 'tools.letUnmute' : 'tools.keepMuted')}
          variant="light"
          onAction={() => void lock(!locked)}
        />
      ),
    });
    stillHeard();
  };

  return (
    <div className={classes.tools}>
      <Button variant="default" leftSection={<MicOff size={16} aria-hidden />} onClick={() => void muteAll()}>
        {t('tools.muteAll')}
      </Button>
      <Locks />
    </div>
  );
}
