import { useTranslation } from 'react-i18next';
import type { Poll, PollMark } from '@/api/wire.gen';
import { useNameOf } from '@/components/useNameOf';
import { useFormats } from '@/i18n/format';
import { usePollsState } from '../sessions';
import { letterOf } from './letters';
import classes from './polls.module.css';

/** How many chose what, as far as one may see it, and for teachers who did where that is not secret. */
export function PollResults({ poll }: { poll: Poll }) {
  const { t, i18n } = useTranslation('groups');
  const { results: known } = usePollsState();
  const shown = known[poll.id];
  const counts = shown?.results ?? poll.results;
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' });
  return (
    <>
      <ul className={classes.board} aria-label={t('polls.results')}>
        {poll.options.map((option, choice) => {
          const count = counts?.[choice] ?? 0;
          const share = poll.voted > 0 ? Math.min(1, count / poll.voted) : 0;
          const mine = poll.my_choices?.includes(choice) ?? false;
          return (
            <li key={choice} className={classes.bar} data-mine={mine || undefined}>
              {counts && <span className={classes.fill} style={{ width: `${share * 100}%` }} />}
              <span className={classes.letter} aria-hidden>
                {letterOf(choice)}
              </span>
              <span className={classes.barText}>
                {option}
                {mine && <small> {t('polls.yours')}</small>}
              </span>
              {counts && <span className={classes.count}>{t('polls.share', { count, share: percent.format(share) })}</span>}
            </li>
          );
        })}
      </ul>
      <p className={classes.hint} role="status">
        {t('polls.voted', { count: poll.voted })}
      </p>
      {shown && shown.votes.length > 0 && <Who poll={poll} votes={shown.votes} />}
    </>
  );
}

function Who({ poll, votes }: { poll: Poll; votes: PollMark[] }) {
  const { t } = useTranslation('groups');
  const nameOf = useNameOf();
  const { list } = useFormats();
  return (
    <details className={classes.who}>
      <summary>{t('polls.who')}</summary>
      <dl>
        {poll.options.map((option, choice) => {
          const names = votes.filter(({ choices }) => choices.includes(choice)).map(({ user }) => nameOf(user));
          return (
            <div key={choice}>
              <dt>{option}</dt>
              <dd>{names.length > 0 ? list(names) : t('polls.nobodyYet')}</dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}
