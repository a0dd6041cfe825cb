import { ActionIcon, Slider, Tooltip } from '@mantine/core';
import { Volume2, VolumeX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useWatchRoom } from './room';
import { useWatch } from './useWatch';
import classes from './watch.module.css';

/** The volume in this window only. */
export function VolumeControl() {
  const { t } = useTranslation('watch');
  const { session } = useWatchRoom();
  const { volume, muted } = useWatch();
  const silent = muted || volume === 0;
  const label = silent ? t('unmute') : t('mute');
  const toggle = () => (volume === 0 ? session.setVolume(0.5) : session.setMuted(!muted));
  return (
    <div className={classes.volume}>
      <Tooltip label={label} position="bottom">
        <ActionIcon className={classes.icon} variant="subtle" color="gray" size={40} aria-label={label} onClick={toggle}>
          {silent ? <VolumeX size={18} /> : <Volume2 size={18} />}
        </ActionIcon>
      </Tooltip>
      <Slider
        className={classes.volumeSlider}
        size="xs"
        min={0}
        max={100}
        label={null}
        thumbLabel={t('volume')}
        value={silent ? 0 : Math.round(volume * 100)}
        onChange={(percent) => session.setVolume(percent / 100)}
      />
    </div>
  );
}
