import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { meter } from '@/media/meter';
import classes from './meter.module.css';

/** How loud one's microphone is; changes a style, renders nothing anew. */
export function MicrophoneMeter({ track }: { track: MediaStreamTrack }) {
  const { t } = useTranslation('media');
  const bar = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      meter(track, (level) => {
        bar.current?.style.setProperty('--level', String(level));
        bar.current?.setAttribute('aria-valuenow', String(Math.round(level * 100)));
      }),
    [track],
  );
  return (
    <div ref={bar} className={classes.meter} role="meter" aria-label={t('level')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={0}>
      <div />
    </div>
  );
}
