import { Button, UnstyledButton } from '@mantine/core';
import { MessageCircleQuestion } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Comment } from '@/api/wire.gen';
import { clockTime } from '@/components/clockTime';
import { AskForm } from './AskForm';
import classes from './panel.module.css';
import { useLesson, useWatchRoom } from './room';
import { useDriving } from './useDriving';
import { useFailed } from './useFailed';
import { useWatch } from './useWatch';

/** What was asked about moments of the video; whoever drives goes there with a click. */
export function QuestionsTab() {
  const { t } = useTranslation('lesson');
  const { teacher } = useWatchRoom();
  const { timeline } = useWatch();
  const { comments, playlist } = useLesson();
  const [asking, setAsking] = useState(false);
  const key = timeline?.item?.key;
  const here = comments.filter(({ moment }) => moment?.key === key).toSorted((a, b) => (a.moment?.t ?? 0) - (b.moment?.t ?? 0));
  const elsewhere = comments.filter(({ moment }) => moment?.key !== key);
  const titleOf = (itemKey: string) => playlist?.entries.find(({ item }) => item.key === itemKey)?.item.title;
  return (
    <div className={classes.stack}>
      {comments.length === 0 && <p className={classes.hint}>{teacher ? t('questions.emptyTeacher') : t('questions.empty')}</p>}
      {here.length > 0 && (
        <ul className={classes.rows}>
          {here.map((comment) => (
            <QuestionRow key={comment.id} comment={comment} here />
          ))}
        </ul>
      )}
      {elsewhere.length > 0 && (
        <div className={classes.group}>
          <h3 className={classes.groupTitle}>{t('questions.elsewhere')}</h3>
          <ul className={classes.rows}>
            {elsewhere.map((comment) => (
              <QuestionRow key={comment.id} comment={comment} title={titleOf(comment.moment?.key ?? '')} />
            ))}
          </ul>
        </div>
      )}
      {key && (
        <div className={classes.bottom}>
          {asking ? (
            <AskForm onDone={() => setAsking(false)} />
          ) : (
            <Button fullWidth variant="default" leftSection={<MessageCircleQuestion size={16} />} onClick={() => setAsking(true)}>
              {t('questions.ask')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function QuestionRow({ comment, here = false, title }: { comment: Comment; here?: boolean; title?: string | undefined }) {
  const { t } = useTranslation('lesson');
  const { session } = useWatchRoom();
  const { drives, free } = useDriving();
  const failed = useFailed();
  const at = comment.moment?.t ?? 0;
  const time = clockTime(at);
  return (
    <li className={classes.row} data-question={comment.id}>
      {here && drives ? (
        <UnstyledButton className={classes.time} aria-label={free ? t('questions.goAlone', { time }) : t('questions.go', { time })} onClick={() => void session.seek(at).catch(failed)}>
          {time}
        </UnstyledButton>
      ) : (
        <span className={classes.time}>{time}</span>
      )}
      <span className={classes.main}>
        <span>{comment.body}</span>
        <span className={classes.meta}>
          {comment.author.name}
          {title && ` · ${title}`}
        </span>
      </span>
    </li>
  );
}
