import { CircleCheck, CircleHelp, CirclePause, LoaderCircle, TriangleAlert, Unlink } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useAsked } from './useAsked';
import { useWatch } from './useWatch';
import classes from './watch.module.css';

/** Whether one is in step with the class, in a few words. */
export function FollowMark() {
  const { t } = useTranslation('watch');
  const { follow, timeline } = useWatch();
  const asked = useAsked();
  const paused = follow === 'in_step' && timeline?.playing === false;
  const state = paused ? (asked ? 'asked' : 'paused') : follow;
  const Icon = icons[state] ?? LoaderCircle;
  return (
    <span className={classes.mark} data-state={state}>
      <Icon size={16} aria-hidden />
      {t(`follow.${state}`)}
    </span>
  );
}

const icons: Record<string, typeof CircleCheck> = {
  in_step: CircleCheck,
  paused: CirclePause,
  asked: CircleHelp,
  error: TriangleAlert,
  needs_tap: TriangleAlert,
  free: Unlink,
};
