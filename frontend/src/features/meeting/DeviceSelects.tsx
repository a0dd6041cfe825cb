import { ActionIcon, NativeSelect, Stack, Tooltip } from '@mantine/core';
import { Volume2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { canChooseSpeaker, type DeviceKind, rememberedDevice } from '@/media/devices';
import { playChime } from '@/media/meter';
import { useLocalMedia, useSession } from './sessions';

/** Microphone, camera and, where the browser can, speaker; a kind of which no device is known has no choice to offer. */
export function DeviceSelects() {
  return (
    <Stack gap="sm">
      <DeviceSelect kind="microphone" />
      <DeviceSelect kind="camera" />
      {canChooseSpeaker && <DeviceSelect kind="speaker" />}
    </Stack>
  );
}

function DeviceSelect({ kind }: { kind: DeviceKind }) {
  const { t } = useTranslation('meeting');
  const { local } = useSession().meeting;
  const media = useLocalMedia();
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
