import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { signIn } from '@/api/session';
import { ProblemNote } from '@/components/ProblemNote';
import { AuthLayout } from './AuthLayout';
import classes from './AuthLayout.module.css';
import { InvitedNote } from './InvitedNote';
import { useAuthForm } from './useAuthForm';

export function LoginPage() {
  const { t } = useTranslation('auth');
  const { search } = useLocation();
  const { busy, problem, fieldError, onSubmit } = useAuthForm(({ email, password }) => signIn({ login: { email, password } }));
  return (
    <AuthLayout title={t('signIn.title')}>
      <InvitedNote />
      <ProblemNote
        problem={problem && Object.keys(problem.errors).length > 0 ? null : problem}
        {...(problem?.status === 401 && { text: t('signIn.wrong') })}
      />
      <form onSubmit={onSubmit} noValidate style={{ display: 'contents' }}>
        <TextInput
          size="md"
          name="email"
          type="email"
          label={t('email')}
          autoComplete="email"
          required
          error={fieldError('email')}
          autoFocus
        />
        <PasswordInput
          size="md"
          name="password"
          label={t('password')}
          autoComplete="current-password"
          required
          error={fieldError('password')}
          visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
        />
        <Button type="submit" size="md" mt="xs" loading={busy}>
          {t('signIn.submit')}
        </Button>
      </form>
      <p className={classes.swap}>
        {t('signIn.noAccount')} <Link to={`/register${search}`}>{t('signIn.register')}</Link>
      </p>
    </AuthLayout>
  );
}
