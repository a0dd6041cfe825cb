import { Button } from '@mantine/core';
import { CloudOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PlayerProblem } from '@/playback/players/player';
import { useLesson, useWatchRoom } from './room';
import { useFailed } from './useFailed';
import { useWatch } from './useWatch';
import classes from './watch.module.css';

/** In place of a picture that cannot be: what happened and what to do next. */
export function Trouble({ problem, onChange }: { problem: PlayerProblem; onChange: () => void }) {
  const { t } = useTranslation('watch');
  const { session, teacher } = useWatchRoom();
  const { timeline } = useWatch();
  const { playlist } = useLesson();
  const failed = useFailed();
  const last = playlist?.entries.at(-1)?.id;
  const next = teacher && timeline?.entry_id && timeline.entry_id !== last;
  return (
    <div className={classes.problem}>
      <CloudOff size={34} aria-hidden />
      <p role="alert">{t(`problem.${problem}`)}</p>
      {!teacher && <p className={classes.problemHint}>{t('problem.teacherSees')}</p>}
      <div className={classes.problemActions}>
        <Button variant="default" onClick={() => session.retry()}>
          {t('retry')}
        </Button>
        {next && (
          <Button variant="default" onClick={() => void session.next().catch(failed)}>
            {t('next')}
          </Button>
        )}
        {teacher && <Button onClick={onChange}>{t('choose')}</Button>}
      </div>
    </div>
  );
}
