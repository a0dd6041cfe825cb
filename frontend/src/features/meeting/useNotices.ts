import { notifications } from '@mantine/notifications';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { localNoticeText } from '@/components/media/localNotice';
import type { MeetingNotice } from '@/media/meetingSession';

type Tone = 'calm' | 'warning';

/**
 * What happens in the room, in words: a toast to see and a line for screen readers. Comings and goings share one toast, and
 * so do hands, or a class that arrives would bury the screen.
 */
export function useNotices(): { onNotice: (notice: MeetingNotice) => void; announcement: string } {
  const { t } = useTranslation('meeting');
  const { t: media } = useTranslation('media');
  const [announcement, setAnnouncement] = useState('');

  const say = useCallback((message: string, tone: Tone, id?: string) => {
    setAnnouncement(message);
    if (id) notifications.hide(id);
    notifications.show({
      ...(id ? { id } : {}),
      message,
      // The announcement above is what screen readers read.
      role: 'presentation',
      color: tone === 'warning' ? 'orange' : 'accent',
      autoClose: tone === 'warning' ? 8_000 : 3_000,
      withBorder: true,
    });
  }, []);

  const onNotice = useCallback(
    (notice: MeetingNotice) => {
      switch (notice.kind) {
        case 'joined':
        case 'left':
          return say(t(`notice.${notice.kind}`, { name: notice.user.name }), 'calm', 'presence');
        case 'hand':
          return say(t('notice.hand', { name: notice.user.name }), 'calm', 'hand');
        case 'muted_by':
          return say(notice.user ? t('notice.mutedBy', { name: notice.user.name }) : t('notice.mutedByTeacher'), 'warning');
        case 'back':
          return say(t('notice.back'), 'calm');
        case 'device_changed':
          return say(localNoticeText(media, notice), 'calm');
        case 'device_lost':
        case 'device_held':
        case 'noise_failed':
        case 'screen_silent':
        case 'screen_failed':
          return say(localNoticeText(media, notice), 'warning');
        case 'screen_taken':
          return say(notice.user ? t('notice.screenTakenBy', { name: notice.user.name }) : t('notice.screenTaken'), 'warning');
        case 'screen_busy':
          return say(t('notice.screenBusy', { name: notice.user.name }), 'warning');
        case 'screen_left':
          return say(t('notice.screenLeft'), 'warning');
        case 'main_room':
          return say(t('notice.mainRoom'), 'calm');
        case 'locked':
          if (notice.source === 'microphone') return say(t('notice.lockedMicrophone'), 'warning');
          return say(t(notice.source === 'camera' ? 'notice.lockedCamera' : 'notice.lockedScreen'), 'warning');
      }
    },
    [say, t, media],
  );
  return { onNotice, announcement };
}
