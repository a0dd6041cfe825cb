import { NativeSelect, Stack, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LocalMedia } from '@/media/localMedia';
import type { NoiseSuppression } from '@/media/soundSettings';
import { useLocal } from './useLocal';

/** How one's microphone is worked on, and, where the browser can, one's picture. */
export function SoundSwitches({ local }: { local: LocalMedia }) {
  const { t } = useTranslation('media');
  const { sound, camera } = useLocal(local);
  const { music } = sound;
  return (
    <Stack gap="sm">
      <NativeSelect
        label={t('sound.noise')}
        disabled={music}
        value={sound.noise}
        data={[
          { value: 'browser', label: t('sound.noiseBrowser') },
          { value: 'rnnoise', label: t('sound.noiseRnnoise') },
          { value: 'off', label: t('sound.noiseOff') },
        ]}
        onChange={(event) => void local.setSound({ noise: event.currentTarget.value as NoiseSuppression })}
      />
      <Switch
        label={t('sound.echo')}
        disabled={music}
        checked={sound.echoCancellation && !music}
        onChange={(event) => void local.setSound({ echoCancellation: event.currentTarget.checked })}
      />
      <Switch
        label={t('sound.gain')}
        disabled={music}
        checked={sound.autoGainControl && !music}
        onChange={(event) => void local.setSound({ autoGainControl: event.currentTarget.checked })}
      />
      <Switch label={t('sound.music')} description={t('sound.musicHint')} checked={music} onChange={(event) => void local.setSound({ music: event.currentTarget.checked })} />
      {camera.blurred !== null && <Switch label={t('sound.blur')} checked={camera.blurred} onChange={(event) => void local.setBlur(event.currentTarget.checked)} />}
    </Stack>
  );
}
