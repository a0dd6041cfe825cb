import { Alert } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LocalMedia } from '@/media/localMedia';
import { DeviceProblemNote } from './DeviceProblemNote';
import { useLocal } from './useLocal';

/** What is wrong with one's own devices; a page over plain http is to blame for all of them at once. */
export function DeviceProblems({ local }: { local: LocalMedia }) {
  const { t } = useTranslation('media');
  const { microphone, camera } = useLocal(local);
  if (microphone.problem === 'insecure' || camera.problem === 'insecure') {
    return (
      <Alert color="orange" variant="light" p="sm">
        {t('problem.insecurePage')}
      </Alert>
    );
  }
  return (
    <>
      <DeviceProblemNote local={local} kind="microphone" />
      <DeviceProblemNote local={local} kind="camera" />
    </>
  );
}
