import { Slider, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { OFFSET_MS } from '@/playback/preferences';
import classes from './panel.module.css';
import { useWatchRoom } from './room';
import { useWatch } from './useWatch';

const STEP_MS = 10;

/** What only this device needs: silence beside the loudspeaker of a room, and time for headphones that play late. */
export function DeviceSound() {
  const { t } = useTranslation('lesson');
  const { session, me } = useWatchRoom();
  const { offsetMs, sameRoom, settings } = useWatch();
  const elsewhere = settings?.room_sound !== '' && settings?.room_sound !== me;
  return (
    <div className={classes.group}>
      <h3 className={classes.groupTitle}>{t('sound.title')}</h3>
      {elsewhere && (
        <Switch label={t('sound.here')} description={t('sound.hereText')} checked={sameRoom} onChange={(event) => session.setSameRoom(event.currentTarget.checked)} />
      )}
      <p className={classes.hint}>{t('sound.offsetText')}</p>
      <div className={classes.setting}>
        <Slider
          className={classes.grow}
          min={OFFSET_MS.min}
          max={OFFSET_MS.max}
          step={STEP_MS}
          marks={[{ value: 0 }]}
          value={offsetMs}
          label={null}
          thumbLabel={t('sound.offset')}
          onChange={(ms) => session.setOffset(ms)}
        />
        <output className={classes.meta}>{t('sound.ms', { ms: offsetMs })}</output>
      </div>
    </div>
  );
}
