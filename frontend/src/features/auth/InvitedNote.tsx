import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import classes from './AuthLayout.module.css';

/** Tells someone who followed an invite's or a meeting's link why a form stands in the way. */
export function InvitedNote() {
  const { t } = useTranslation('auth');
  const { search } = useLocation();
  const next = new URLSearchParams(search).get('next') ?? '';
  if (next.startsWith('/join/')) return <p className={classes.soft}>{t('invited')}</p>;
  if (/^\/(embed\/)?meeting\//.test(next)) return <p className={classes.soft}>{t('toMeeting')}</p>;
  return null;
}
