import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useForgotPasswordMutation } from '@/api/account';
import { asProblem } from '@/api/problem';
import { ProblemNote } from '@/components/ProblemNote';
import { AuthLayout } from './AuthLayout';
import classes from './AuthLayout.module.css';
import { EmailField } from './fields';
import { useAuthForm } from './useAuthForm';

/** Asks for a letter with a link to /reset. */
export function ForgotPage() {
  const { t } = useTranslation('auth');
  const [ask, again] = useForgotPasswordMutation();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { busy, problem, fieldError, onSubmit } = useAuthForm({
    send: async ({ email = '' }) => {
      const { error } = await ask({ email });
      if (!error) setSentTo(email.trim());
      return error ? asProblem(error) : null;
    },
  });
  return (
    <AuthLayout title={sentTo ? t('forgot.sentTitle') : t('forgot.title')}>
      {sentTo ? (
        <>
          <p role="status">{t('forgot.sent', { email: sentTo })}</p>
          <ProblemNote problem={again.error ? asProblem(again.error) : null} />
          <Button variant="default" loading={again.isLoading} onClick={() => void ask({ email: sentTo })}>
            {t('forgot.again')}
          </Button>
        </>
      ) : (
        <>
          <p className={classes.soft}>{t('forgot.text')}</p>
          <ProblemNote problem={problem} />
          <form onSubmit={onSubmit} noValidate className={classes.fields}>
            <EmailField error={fieldError('email')} autoFocus />
            <Button type="submit" size="md" mt="xs" loading={busy}>
              {t('forgot.submit')}
            </Button>
          </form>
        </>
      )}
      <p className={classes.swap}>
        <Link to="/login">{t('backToSignIn')}</Link>
      </p>
    </AuthLayout>
  );
}
