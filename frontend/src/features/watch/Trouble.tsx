import { Button } from '@mantine/core';
import { CloudOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PlayerProblem } from '@/playback/players/player';
import classes from './watch.module.css';

interface TroubleProps {
  problem: PlayerProblem;
  teacher: boolean;
  onRetry?: () => void;
  onChange: () => void;
}

/** In place of a picture that cannot be: what happened and what to do next. */
export function Trouble({ problem, teacher, onRetry, onChange }: TroubleProps) {
  const { t } = useTranslation('watch');
  return (
    <div className={classes.problem}>
      <CloudOff size={34} aria-hidden />
      <p role="alert">{t(`problem.${problem}`)}</p>
      {!teacher && <p className={classes.problemHint}>{t('problem.teacherSees')}</p>}
      <div className={classes.problemActions}>
        {onRetry && (
          <Button variant="default" onClick={onRetry}>
            {t('retry')}
          </Button>
        )}
        {teacher && <Button onClick={onChange}>{t('change')}</Button>}
      </div>
    </div>
  );
}
