import { notifications } from '@mantine/notifications';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ToastWithAction } from '@/components/media/ToastWithAction';
import { useCaptionsState, useSession } from '../sessions';

const ID = 'captions-writing';

/** Says once in a stay that one's speech is being written down: the consent may be of another day. And says when that fails. */
export function useWritingNotice(): void {
  const { t } = useTranslation('groups');
  const { captions } = useSession();
  const { writing, problem } = useCaptionsState();
  const said = useRef(false);
  useEffect(() => {
    if (!writing || said.current) return;
    said.current = true;
    const stop = () => {
      notifications.hide(ID);
      captions.write(false);
    };
    notifications.show({
      id: ID,
      withBorder: true,
      autoClose: 8_000,
      message: <ToastWithAction text={t('captions.writing')} action={t('captions.stop')} variant="default" onAction={stop} />,
    });
  }, [writing, captions, t]);
  useEffect(() => {
    if (problem) notifications.show({ id: 'captions-problem', color: 'orange', withBorder: true, autoClose: 8_000, message: t(`captions.${problem}`) });
  }, [problem, t]);
}
