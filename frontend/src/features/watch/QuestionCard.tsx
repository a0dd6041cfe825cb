import { Button } from '@mantine/core';
import { Play } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PlaybackQuestion } from '@/api/wire.gen';
import { AnswerBoard } from './AnswerBoard';
import { AnswerForm } from './AnswerForm';
import { useWatchRoom } from './room';
import { useDriving } from './useDriving';
import { useFailed } from './useFailed';
import classes from './question.module.css';

/** The question of a stop-point, beside the picture or below it: students answer, teachers see the answers and go on. */
export function QuestionCard({ question }: { question: PlaybackQuestion }) {
  const { t } = useTranslation('watch');
  const { session, lesson, teacher } = useWatchRoom();
  const { drives } = useDriving();
  const failed = useFailed();
  return (
    <section className={classes.card} aria-labelledby={`question-${question.id}`}>
      <h2 id={`question-${question.id}`} className={classes.question}>
        {question.question}
      </h2>
      {teacher ? <AnswerBoard question={question} /> : <AnswerForm question={question} />}
      <p className={classes.count} role="status">
        {t('stop.answered', { count: question.answered })}
        {!question.open && ` · ${t('stop.closed')}`}
      </p>
      {teacher && (
        <div className={classes.actions}>
          {question.open && (
            <Button variant="default" size="sm" onClick={() => void lesson.closeQuestion().catch(failed)}>
              {t('stop.close')}
            </Button>
          )}
          {drives && (
            <Button size="sm" leftSection={<Play size={15} fill="currentColor" />} onClick={() => void session.play().catch(failed)}>
              {t('stop.resume')}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
