import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import classes from './AuthLayout.module.css';

/** Tells someone who followed an invite link why a form stands in the way. */
export function InvitedNote() {
  const { t } = useTranslation('auth');
  const { search } = useLocation();
  if (!new URLSearchParams(search).get('next')?.startsWith('/join/')) return null;
  return <p className={classes.soft}>{t('invited')}</p>;
}
