import { ActionIcon, Tooltip } from '@mantine/core';
import { Phone, Video } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CallMedia, Profile } from '@/api/wire.gen';
import { useNameOf } from '@/components/useNameOf';
import { useCalls, useCallsState } from './context';

/** Calls somebody by voice or with a picture. */
export function CallButtons({ user, onCall }: { user: Profile; onCall?: () => void }) {
  const { t } = useTranslation('call');
  const nameOf = useNameOf();
  const calls = useCalls();
  const { current } = useCallsState();
  if (!calls || user.deleted) return null;
  const busy = current !== null && current.snapshot().phase !== 'ended';
  const call = (media: CallMedia) => {
    onCall?.();
    calls.call(user, media);
  };
  return (
    <>
      <Tooltip label={t('buttons.voice')}>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('buttons.voiceTo', { name: nameOf(user) })} disabled={busy} onClick={() => call('audio')}>
          <Phone size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('buttons.video')}>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('buttons.videoTo', { name: nameOf(user) })} disabled={busy} onClick={() => call('video')}>
          <Video size={19} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
