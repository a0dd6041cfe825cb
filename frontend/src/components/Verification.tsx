import { Button } from '@mantine/core';
import { MailCheck } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useSendVerificationMutation, useServerQuery } from '@/api/account';
import { useMeQuery } from '@/api/api';
import { asProblem } from '@/api/problem';
import { EmptyState } from './EmptyState';
import { useMe } from './hooks';
import { ProblemNote } from './ProblemNote';

/** How often it is asked whether the link was opened, perhaps on a phone, in milliseconds. */
const POLL_MS = 10_000;

/** Whether one cannot join or make channels yet because one's address is not verified. Administrators always can. */
export function useUnverified(): boolean {
  const me = useMe();
  const { data: server } = useServerQuery();
  return !me.email_verified && me.role !== 'admin' && (server?.email_verification ?? false);
}

/** “Check your mail”, until the link in it was opened. */
export function CheckMail({ children }: { children?: ReactNode }) {
  const { t } = useTranslation();
  const me = useMe();
  const { refetch } = useMeQuery(undefined, { pollingInterval: POLL_MS });
  useEffect(() => {
    window.addEventListener('focus', refetch);
    return () => window.removeEventListener('focus', refetch);
  }, [refetch]);
  return (
    <EmptyState level={1} icon={<MailCheck size={26} />} title={t('verification.title')} text={t('verification.text', { email: me.email })}>
      <ResendVerification />
      {children}
    </EmptyState>
  );
}

/** Sends the letter once more and says how that went. */
export function ResendVerification() {
  const { t } = useTranslation();
  const [send, { isLoading, isSuccess, error }] = useSendVerificationMutation();
  return (
    <>
      <ProblemNote problem={error ? asProblem(error) : null} />
      {isSuccess && <span role="status">{t('verification.sent')}</span>}
      {!isSuccess && (
        <Button variant="default" loading={isLoading} onClick={() => void send()}>
          {t('verification.again')}
        </Button>
      )}
    </>
  );
}
