import { useTranslation } from 'react-i18next';
import type { PollMark } from '@/api/wire.gen';
import { useFormats } from '@/i18n/format';
import { letterOf } from './letterOf';
import classes from './ResultBoard.module.css';
import { useNameOf } from './useNameOf';

interface ResultBoardProps {
  options: string[];
  /** Null where one may not see them. */
  counts: number[] | null;
  /** How many people chose at all: several may be chosen, so that shares make more than a whole. */
  voted: number;
  /** What one chose oneself. */
  mine?: number[] | null;
}

/** What could be chosen, and how many chose it. */
export function ResultBoard({ options, counts, voted, mine = null }: ResultBoardProps) {
  const { t } = useTranslation('groups');
  const { percent } = useFormats();
  return (
    <ul className={classes.board} aria-label={t('polls.results')}>
      {options.map((option, choice) => {
        const count = counts?.[choice] ?? 0;
        const share = voted > 0 ? Math.min(1, count / voted) : 0;
        const chosen = mine?.includes(choice) ?? false;
        const letter = letterOf(choice);
        return (
          <li key={choice} className={classes.bar} data-mine={chosen || undefined}>
            {counts && <span className={classes.fill} style={{ width: `${share * 100}%` }} />}
            <span className={classes.letter} aria-hidden>
              {letter}
            </span>
            <span className={classes.text}>
              <span className={option === letter ? 'visually-hidden' : undefined}>{option}</span>
              {chosen && <small> {t('polls.yours')}</small>}
            </span>
            {counts && <span className={classes.count}>{t('polls.share', { count, share: percent(share) })}</span>}
          </li>
        );
      })}
    </ul>
  );
}

/** Who chose what, behind a line to open it by. */
export function Choosers({ options, votes }: { options: string[]; votes: PollMark[] }) {
  const { t } = useTranslation('groups');
  const nameOf = useNameOf();
  const { list } = useFormats();
  return (
    <details className={classes.who}>
      <summary>{t('polls.who')}</summary>
      <dl>
        {options.map((option, choice) => {
          const names = votes.filter(({ choices }) => choices.includes(choice)).map(({ user }) => nameOf(user));
          return (
            <div key={choice}>
              <dt>{option}</dt>
              <dd>{names.length > 0 ? list(names) : t('polls.nobody')}</dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}
