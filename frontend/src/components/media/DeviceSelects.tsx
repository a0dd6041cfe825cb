import { ActionIcon, NativeSelect, Stack, Tooltip } from '@mantine/core';
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
    </Stack>
  );
}

function DeviceSelect({ local, kind }: { local: LocalMedia; kind: DeviceKind }) {
  const { t } = useTranslation('media');
  const media = useLocal(local);
  const devices = media.devices.filter((device) => device.kind === kind);
  const inUse = kind === 'speaker' ? null : media[kind].track?.getSettings().deviceId;
  const chosen = inUse ?? rememberedDevice(kind);
  if (devices.length === 0) return null;
  const value = devices.find((device) => device.id === chosen)?.id ?? devices[0]?.id ?? '';
  const data = devices.map(({ id, label }) => ({ value: id, label }));
  return (
    <NativeSelect
      label={t(`device.${kind}`)}
      data={data}
      value={value}
      onChange={(event) => void local.choose(kind, event.currentTarget.value)}
      {...(kind === 'speaker'
        ? {
            rightSectionPointerEvents: 'all' as const,
            rightSection: (
              <Tooltip label={t('device.testSpeaker')}>
                <ActionIcon variant="subtle" color="gray" aria-label={t('device.testSpeaker')} onClick={() => void playChime(value)}>
                  <Volume2 size={16} />
                </ActionIcon>
              </Tooltip>
            ),
          }
        : {})}
    />
  );
}
