import { useTranslation } from 'react-i18next';
import classes from './Sidebar.module.css';

interface UnreadMarkProps {
  /** What is meant for this person: shown as a number. */
  count: number;
  /** Everything unread: when nothing of it is meant for this person, a dot. */
  unread: number;
  /** Says what is counted. */
  label: string;
}

export function UnreadMark({ count, unread, label }: UnreadMarkProps) {
  const { t } = useTranslation('sidebar');
  if (count > 0) {
    return (
      <span className={classes.count}>
        <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
        <span className="visually-hidden">{label}</span>
      </span>
    );
  }
  if (unread === 0) return null;
  return (
    <span className={classes.dot}>
      <span className="visually-hidden">{t('unread', { count: unread })}</span>
    </span>
  );
}
