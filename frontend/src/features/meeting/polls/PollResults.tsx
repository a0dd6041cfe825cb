import { useTranslation } from 'react-i18next';
import type { Poll } from '@/api/wire.gen';
import { Choosers, ResultBoard } from '@/components/ResultBoard';
import { usePollsState } from '../sessions';
import classes from './polls.module.css';

/** How many chose what, as far as one may see it, and for teachers who did where that is not secret. */
export function PollResults({ poll }: { poll: Poll }) {
  const { t } = useTranslation('groups');
  const { results: known } = usePollsState();
  const shown = known[poll.id];
  return (
    <>
      <ResultBoard options={poll.options} counts={shown?.results ?? poll.results} voted={poll.voted} mine={poll.my_choices} />
      <p className={classes.hint} role="status">
        {t('polls.voted', { count: poll.voted })}
      </p>
      {shown && shown.votes.length > 0 && <Choosers options={poll.options} votes={shown.votes} />}
    </>
  );
}
