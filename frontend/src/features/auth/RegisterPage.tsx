import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { signIn } from '@/api/session';
import { ProblemNote } from '@/components/ProblemNote';
import type { Language } from '@/i18n';
import { AuthLayout } from './AuthLayout';
import classes from './AuthLayout.module.css';
import { InvitedNote } from './InvitedNote';
import { useAuthForm } from './useAuthForm';

export function RegisterPage() {
  const { t, i18n } = useTranslation('auth');
  const { search } = useLocation();
  const { busy, problem, fieldError, onSubmit } = useAuthForm(({ name, email, password }) =>
    signIn({ register: { name, email, password, locale: i18n.language as Language } }),
  );
  return (
    <AuthLayout title={t('register.title')}>
      <InvitedNote />
      <ProblemNote problem={problem && Object.keys(problem.errors).length > 0 ? null : problem} />
      <form onSubmit={onSubmit} noValidate style={{ display: 'contents' }}>
        <TextInput
          size="md"
          name="name"
          label={t('name')}
          description={t('nameHint')}
          autoComplete="name"
          maxLength={80}
          required
          error={fieldError('name')}
          autoFocus
        />
        <TextInput size="md" name="email" type="email" label={t('email')} autoComplete="email" required error={fieldError('email')} />
        <PasswordInput
          size="md"
          name="password"
          label={t('password')}
          description={t('passwordHint')}
          autoComplete="new-password"
          required
          error={fieldError('password')}
          visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
        />
        <Button type="submit" size="md" mt="xs" loading={busy}>
          {t('register.submit')}
        </Button>
      </form>
      <p className={classes.swap}>
        {t('register.haveAccount')} <Link to={`/login${search}`}>{t('register.signIn')}</Link>
      </p>
    </AuthLayout>
  );
}
