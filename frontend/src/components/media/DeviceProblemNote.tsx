import { Alert, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { InputKind } from '@/media/devices';
import type { LocalMedia } from '@/media/localMedia';
import { useLocal } from './useLocal';

/** Why a device is not there, and a way to try again. Renders nothing while it is fine. */
export function DeviceProblemNote({ local, kind }: { local: LocalMedia; kind: InputKind }) {
  const { t } = useTranslation('media');
  const { problem } = useLocal(local)[kind];
  if (!problem) return null;
  return (
    <Alert color="orange" variant="light" p="sm">
      <p>{t(`problem.${kind}.${problem}`)}</p>
      <Button mt="xs" size="compact-sm" variant="default" onClick={() => void local.open(kind)}>
        {t('problem.retry')}
      </Button>
    </Alert>
  );
}
