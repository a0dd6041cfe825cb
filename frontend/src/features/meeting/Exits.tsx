import { notifications } from '@mantine/notifications';
import { CircleStop, LogOut } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useConfirm } from '@/components/confirm';
import { ControlButton } from '@/components/media/ControlButton';
import classes from '@/components/media/controls.module.css';
import { useSession } from './sessions';

/** Two different buttons: going oneself, and, for teachers, ending it for everybody. */
export function Exits({ teacher, wide }: { teacher: boolean; wide: boolean }) {
  const { t } = useTranslation('meeting');
  const { meeting: session } = useSession();
  const { ask, dialog } = useConfirm();
  const end = () => {
    session.end().catch(() => notifications.show({ color: 'red', message: t('endDialog.failed') }));
  };
  return (
    <div className={classes.exits}>
      <ControlButton wide={wide} tone="danger" label={t('controls.leave')} icon={<LogOut size={20} />} onClick={() => session.leave()} />
      {teacher && (
        <ControlButton
          wide={wide}
          tone="quiet-danger"
          label={t('controls.end')}
          icon={<CircleStop size={20} />}
          onClick={() =>
            ask({ title: t('endDialog.title'), text: t('endDialog.text'), action: t('endDialog.confirm'), onConfirm: end })
          }
        />
      )}
      {dialog}
    </div>
  );
}
