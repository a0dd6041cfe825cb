import { Modal, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DeviceProblemNote } from '@/components/media/DeviceProblemNote';
import { DeviceSelects } from '@/components/media/DeviceSelects';
import { useCallSession } from './context';
import { relayOnly, setRelayOnly } from './relayOnly';

/** Microphone, camera and speaker, and how to reach the other side. */
export function DeviceDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['call', 'media']);
  const { local } = useCallSession();
  const [relay, setRelay] = useState(relayOnly);
  return (
    <Modal opened={opened} onClose={onClose} title={t('media:controls.devices')} zIndex={360} closeButtonProps={{ 'aria-label': t('media:close') }}>
      <DeviceProblemNote local={local} kind="microphone" />
      <DeviceProblemNote local={local} kind="camera" />
      <DeviceSelects local={local} />
      <Switch
        mt="md"
        label={t('controls.relay')}
        description={t('controls.relayHint')}
        checked={relay}
        onChange={({ currentTarget: { checked } }) => {
          setRelay(checked);
          setRelayOnly(checked);
        }}
      />
    </Modal>
  );
}
