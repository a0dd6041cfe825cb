import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { watchTalking } from '@/media/meter';
import { ToastWithAction } from './ToastWithAction';

/** Says so when somebody speaks into a microphone that is off, with the remedy beside it. */
export function useTalkingWhileMuted(muted: boolean, track: MediaStreamTrack | null, unmute: () => void): void {
  const { t } = useTranslation('media');
  useEffect(() => {
    if (!muted || !track) return;
    const id = 'talking-while-muted';
    const onUnmute = () => {
      notifications.hide(id);
      unmute();
    };
    const end = watchTalking(track, () =>
      notifications.show({
        id,
        color: 'orange',
        withBorder: true,
        autoClose: 8_000,
        message: <ToastWithAction text={t('notice.talkingMuted')} action={t('controls.unmute')} onAction={onUnmute} />,
      }),
    );
    return () => {
      end();
      notifications.hide(id);
    };
  }, [muted, track, unmute, t]);
}
