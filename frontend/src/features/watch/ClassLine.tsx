import { useTranslation } from 'react-i18next';
import type { FollowState, PlaybackClass } from '@/api/wire.gen';
import classes from './watch.module.css';

const others: Exclude<FollowState, 'in_step'>[] = ['catching_up', 'buffering', 'ad', 'needs_tap', 'error', 'free', 'hidden'];

/** For teachers: how many are in step, and what keeps the others. */
export function ClassLine({ classState }: { classState: PlaybackClass | null }) {
  const { t } = useTranslation('watch');
  if (!classState) return null;
  const count = (state: FollowState) => classState.counts[state] ?? 0;
  const total = Object.values(classState.counts).reduce((sum, n) => sum + n, 0);
  if (total === 0) return null;
  const parts = [
    t('class.in_step', { count: count('in_step'), total }),
    ...others.filter((state) => count(state) > 0).map((state) => t(`class.${state}`, { count: count(state) })),
  ];
  return (
    <p className={classes.classLine} aria-label={t('class.label')} data-all={count('in_step') === total || undefined}>
      {parts.join(' · ')}
    </p>
  );
}
