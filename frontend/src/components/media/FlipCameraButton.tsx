import { SwitchCamera } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { LocalMedia } from '@/media/localMedia';
import { ControlButton } from './ControlButton';
import { useLocal } from './useLocal';

/** Front or back camera of a phone; renders nothing where there is no such choice. */
export function FlipCameraButton({ local }: { local: LocalMedia }) {
  const { t } = useTranslation('media');
  const { facing, opening } = useLocal(local).camera;
  if (!facing) return null;
  return <ControlButton label={t('device.flip')} icon={<SwitchCamera size={20} />} busy={opening} onClick={() => void local.flipCamera()} />;
}
