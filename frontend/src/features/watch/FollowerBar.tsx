import { CircleCheck, LoaderCircle, Pause, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { WatchSession } from '@/playback/watchSession';
import { clockTime } from './time';
import { usePosition, useWatch } from './useWatch';
import { VolumeControl } from './VolumeControl';
import classes from './watch.module.css';

/** What a student sees: where the class is and whether one is in step. Nothing here drives. */
export function FollowerBar({ session }: { session: WatchSession }) {
  const { t } = useTranslation('watch');
  const { duration } = useWatch(session);
  const position = usePosition(session);
  const length = duration ?? 0;
  return (
    <div className={classes.bar}>
      <div
        className={classes.progress}
        role="progressbar"
        aria-label={t('position')}
        aria-valuemin={0}
        aria-valuemax={Math.round(length)}
        aria-valuenow={Math.round(Math.min(position, length))}
        aria-valuetext={t('positionText', { position: clockTime(position), duration: clockTime(length) })}
      >
        <div style={{ width: `${length > 0 ? Math.min(100, (position / length) * 100) : 0}%` }} />
      </div>
      <div className={classes.buttons}>
        <FollowMark session={session} />
        <span className={classes.time}>
          {clockTime(position)} / {duration === null ? '–:––' : clockTime(duration)}
        </span>
        <span className={classes.space} />
        <VolumeControl session={session} />
      </div>
    </div>
  );
}

function FollowMark({ session }: { session: WatchSession }) {
  const { t } = useTranslation('watch');
  const { follow, timeline } = useWatch(session);
  const paused = follow === 'in_step' && timeline?.playing === false;
  const Icon = paused ? Pause : follow === 'in_step' ? CircleCheck : follow === 'error' || follow === 'needs_tap' ? TriangleAlert : LoaderCircle;
  return (
    <span className={classes.mark} data-state={paused ? 'paused' : follow}>
      <Icon size={16} aria-hidden />
      {t(`follow.${paused ? 'paused' : follow}`)}
    </span>
  );
}
