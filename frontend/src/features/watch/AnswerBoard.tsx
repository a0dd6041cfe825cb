import { useTranslation } from 'react-i18next';
import type { PlaybackQuestion } from '@/api/wire.gen';
import { useLesson } from './room';
import classes from './question.module.css';

/** For teachers: the answers as they come in. */
export function AnswerBoard({ question }: { question: PlaybackQuestion }) {
  const { t } = useTranslation('watch');
  const { answers } = useLesson();
  const given = answers?.question_id === question.id ? answers : null;
  if (question.choices.length > 0) {
    const most = Math.max(1, ...(given?.counts ?? []));
    return (
      <ul className={classes.board} aria-label={t('stop.answers')}>
        {question.choices.map((text, choice) => {
          const count = given?.counts[choice] ?? 0;
          const names = given?.answers.filter((answer) => answer.choice === choice).map(({ user }) => user.name);
          return (
            <li key={text} className={classes.bar} title={names?.join(', ')}>
              <span className={classes.fill} style={{ width: `${(count / most) * 100}%` }} />
              <span className={classes.letter} aria-hidden>
                {String.fromCharCode(65 + choice)}
              </span>
              <span className={classes.barText}>{text}</span>
              <span className={classes.barCount}>{count}</span>
            </li>
          );
        })}
      </ul>
    );
  }
  return (
    <ul className={classes.board} aria-label={t('stop.answers')}>
      {given?.answers.map((answer) => (
        <li key={answer.user.id} className={classes.answer}>
          <span className={classes.who}>{answer.user.name}</span>
          <span>{answer.text}</span>
        </li>
      ))}
      {!given?.answers.length && <li className={classes.nobody}>{t('stop.nobody')}</li>}
    </ul>
  );
}
