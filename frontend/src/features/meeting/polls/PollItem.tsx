import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Poll } from '@/api/wire.gen';
import { useSession } from '../sessions';
import { useAttempt } from '../useAttempt';
import { PollResults } from './PollResults';
import classes from './polls.module.css';
import { VoteForm } from './VoteForm';

/** One poll of the list. */
export function PollItem({ poll, teacher }: { poll: Poll; teacher: boolean }) {
  const { t } = useTranslation('groups');
  return (
    <li className={classes.poll} aria-labelledby={`poll-${poll.id}`}>
      <p className={classes.state} data-open={poll.open || undefined}>
        {poll.open ? t('polls.open') : t('polls.ended')}
      </p>
      <h3 id={`poll-${poll.id}`} className={classes.question}>
        {poll.question}
      </h3>
      {teacher ? <PollResults poll={poll} /> : <StudentPoll poll={poll} />}
      {teacher && poll.open && <EndPoll poll={poll} />}
    </li>
  );
}

/** What a student does with a poll: vote, change the vote where that is possible, see the result as soon as there is one. */
export function StudentPoll({ poll }: { poll: Poll }) {
  const { t } = useTranslation('groups');
  const [changing, setChanging] = useState(false);
  if (poll.open && (!poll.i_voted || changing)) return <VoteForm poll={poll} onVoted={() => setChanging(false)} />;
  return (
    <>
      <PollResults poll={poll} />
      {poll.open && (
        <p className={classes.hint} role="status">
          {poll.i_voted && t('polls.thanks')} {!poll.results && t('polls.later')}
        </p>
      )}
      {poll.open && !poll.anonymous && (
        <Button className={classes.add} variant="subtle" size="sm" onClick={() => setChanging(true)}>
          {t('polls.change')}
        </Button>
      )}
    </>
  );
}

function EndPoll({ poll }: { poll: Poll }) {
  const { t } = useTranslation('groups');
  const { polls } = useSession();
  const attempt = useAttempt();
  return (
    <>
      <Button variant="default" size="sm" onClick={() => void attempt(polls.end(poll.id))}>
        {t('polls.end')}
      </Button>
      <p className={classes.hint}>{t('polls.endHint')}</p>
    </>
  );
}
