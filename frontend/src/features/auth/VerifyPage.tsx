import { Button, Loader } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useSelector } from 'react-redux';
import { Link, useSearchParams } from 'react-router';
import { useVerifyEmailMutation } from '@/api/account';
import { useMeQuery } from '@/api/api';
import { asProblem } from '@/api/problem';
import { selectSessionStatus } from '@/api/session';
import { ProblemNote } from '@/components/ProblemNote';
import { AuthLayout } from './AuthLayout';

/** Where the link of a verification letter leads; opening it is all that is asked. */
export function VerifyPage() {
  const { t } = useTranslation(['auth', 'common']);
  const [search] = useSearchParams();
  const token = search.get('token') ?? '';
  const [verify, { error, isSuccess }] = useVerifyEmailMutation();
  const signedIn = useSelector(selectSessionStatus) === 'in';
  const { data: me } = useMeQuery(undefined, { skip: !signedIn });
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current) return; // the token works once
    asked.current = true;
    void verify({ token });
  }, [verify, token]);

  const problem = error ? asProblem(error) : null;
  const dead = problem !== null && 'token' in problem.errors;
  const onward = (
    <Button component={Link} to={signedIn ? '/' : '/login'} size="md">
      {signedIn ? t('common:goHome') : t('signIn.submit')}
    </Button>
  );
  if (isSuccess || (dead && me?.email_verified)) {
    return (
      <AuthLayout title={t('verify.doneTitle')}>
        <p role="status">{t('verify.done')}</p>
        {onward}
      </AuthLayout>
    );
  }
  if (dead) {
    return (
      <AuthLayout title={t('deadLink.title')}>
        <p role="alert">{t('deadLink.verify')}</p>
        {onward}
      </AuthLayout>
    );
  }
  return (
    <AuthLayout title={t('verify.title')}>
      {problem ? <ProblemNote problem={problem} onRetry={() => void verify({ token })} /> : <Loader aria-label={t('verify.title')} />}
    </AuthLayout>
  );
}
