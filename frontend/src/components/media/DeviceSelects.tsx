import { Button, NativeSelect, Stack } from '@mantine/core';
import { Volume2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { canChooseSpeaker, type DeviceKind, rememberedDevice } from '@/media/devices';
import type { LocalMedia } from '@/media/localMedia';
import { playChime } from '@/media/meter';
import { useLocal } from './useLocal';

/** Microphone, camera and, where the browser can, speaker; a kind of which no device is known has no choice to offer. */
export function DeviceSelects({ local }: { local: LocalMedia }) {
  return (
    <Stack gap="sm">
      <DeviceSelect local={local} kind="microphone" />
      <DeviceSelect local={local} kind="camera" />
      {canChooseSpeaker && <DeviceSelect local={local} kind="speaker" />}
      <SpeakerTest />
    </Stack>
  );
}

function DeviceSelect({ local, kind }: { local: LocalMedia; kind: DeviceKind }) {
  const { t } = useTranslation('media');
  const media = useLocal(local);
  const devices = media.devices.filter((device) => device.kind === kind);
  const inUse = kind === 'speaker' ? null : media[kind].deviceId;
  const chosen = inUse ?? rememberedDevice(kind);
  if (devices.length === 0) return null;
  const value = devices.find((device) => device.id === chosen)?.id ?? devices[0]?.id ?? '';
  const data = devices.map(({ id, label }) => ({ value: id, label }));
  return <NativeSelect label={t(`device.${kind}`)} data={data} value={value} onChange={(event) => void local.choose(kind, event.currentTarget.value)} />;
}

/** Two tones on the output that was chosen, so that one hears whether it is the right one. */
function SpeakerTest() {
  const { t } = useTranslation('media');
  return (
    <Button variant="default" size="sm" leftSection={<Volume2 size={16} />} onClick={() => void playChime(rememberedDevice('speaker') ?? '')} style={{ alignSelf: 'start' }}>
      {t('device.testSpeaker')}
    </Button>
  );
}
