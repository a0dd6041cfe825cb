import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSelector } from 'react-redux';
import { Link, useLocation } from 'react-router';
import { useServerQuery } from '@/api/account';
import type { Problem } from '@/api/problem';
import { selectFarewell, signIn } from '@/api/session';
import { useAppDispatch } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import { AuthLayout } from './AuthLayout';
import classes from './AuthLayout.module.css';
import { EmailField, PasswordField } from './fields';
import { InvitedNote } from './InvitedNote';
import { useAuthForm } from './useAuthForm';

export function LoginPage() {
  const { t } = useTranslation('auth');
  const { search } = useLocation();
  const dispatch = useAppDispatch();
  const farewell = useSelector(selectFarewell);
  const { data: server } = useServerQuery();
  const { busy, problem, fieldError, onSubmit } = useAuthForm({
    send: ({ email = '', password = '' }) => dispatch(signIn({ login: { email, password } })) as Promise<Problem | null>,
  });
  return (
    <AuthLayout title={t('signIn.title')}>
      {farewell && (
        <p className={classes.note} role="status">
          {t(`farewell.${farewell}`)}
        </p>
      )}
      <InvitedNote />
      <ProblemNote problem={problem} {...(problem?.status === 401 && { text: t('signIn.wrong') })} />
      <form onSubmit={onSubmit} noValidate className={classes.fields}>
        <EmailField error={fieldError('email')} autoFocus />
        <PasswordField error={fieldError('password')} />
        <Button type="submit" size="md" mt="xs" loading={busy}>
          {t('signIn.submit')}
        </Button>
      </form>
      <p className={classes.swap}>
        {server?.email_verification ? <Link to="/forgot">{t('signIn.forgot')}</Link> : server && t('signIn.forgotNoMail')}
      </p>
      <p className={classes.swap}>
        {t('signIn.noAccount')} <Link to={`/register${search}`}>{t('signIn.register')}</Link>
      </p>
    </AuthLayout>
  );
}
