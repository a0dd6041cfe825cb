import { Check, CheckCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import classes from './message.module.css';
import type { Mark } from './groups';

/** How far one's message got, small, and in words for screen readers and under the pointer. */
export function ReadMark({ mark }: { mark: Mark }) {
  const { t } = useTranslation('conversations');
  const Icon = mark === 'sent' ? Check : CheckCheck;
  return (
    <span className={classes.mark} data-mark={mark} title={t(mark)}>
      <Icon size={15} aria-hidden="true" />
      <span className="visually-hidden">{t(mark)}</span>
    </span>
  );
}
