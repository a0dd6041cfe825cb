import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { resetPassword } from '@/api/account';
import { ProblemNote } from '@/components/ProblemNote';
import { AuthLayout } from './AuthLayout';
import classes from './AuthLayout.module.css';
import { PasswordField } from './fields';
import { useAuthForm } from './useAuthForm';

/** Where the link of a reset letter leads. */
export function ResetPage() {
  const { t } = useTranslation('auth');
  const [search] = useSearchParams();
  const token = search.get('token') ?? '';
  const [done, setDone] = useState(false);
  const { busy, problem, fieldError, onSubmit } = useAuthForm({
    send: async ({ password = '' }) => {
      const result = await resetPassword({ token, password });
      setDone(result === null);
      return result;
    },
  });
  const dead = token === '' || fieldError('token') !== undefined;
  if (done) {
    return (
      <AuthLayout title={t('reset.doneTitle')}>
        <p role="status">{t('reset.done')}</p>
        <Button component={Link} to="/login" size="md">
          {t('signIn.submit')}
        </Button>
      </AuthLayout>
    );
  }
  if (dead) {
    return (
      <AuthLayout title={t('deadLink.title')}>
        <p role="alert">{t('deadLink.reset')}</p>
        <Button component={Link} to="/forgot" size="md">
          {t('deadLink.askAgain')}
        </Button>
      </AuthLayout>
    );
  }
  return (
    <AuthLayout title={t('reset.title')}>
      <p className={classes.soft}>{t('reset.text')}</p>
      <ProblemNote problem={problem} />
      <form onSubmit={onSubmit} noValidate className={classes.fields}>
        <PasswordField fresh label={t('reset.password')} error={fieldError('password')} autoFocus />
        <Button type="submit" size="md" mt="xs" loading={busy}>
          {t('reset.submit')}
        </Button>
      </form>
    </AuthLayout>
  );
}
