import { Button } from '@mantine/core';
import { MailOpen, MailX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { useAcceptInviteMutation, useInviteQuery } from '@/api/invites';
import { asProblem } from '@/api/problem';
import { EmptyState } from '@/components/EmptyState';
import { useMe } from '@/components/hooks';
import { PageLoader } from '@/components/PageLoader';
import { ProblemNote } from '@/components/ProblemNote';
import { useTitle } from '@/components/useTitle';
import { CheckMail, useUnverified } from '@/components/Verification';
import classes from './JoinPage.module.css';

/** Answers that mean that this code leads nowhere, now and later. */
const DEAD = [404, 409, 410, 422];

/** Where an invite link leads: what one would join, and the button. */
export function JoinPage() {
  const { t } = useTranslation();
  const { code = '' } = useParams();
  const me = useMe();
  const unverified = useUnverified();
  const navigate = useNavigate();
  const { data: invite, error: unknown, isLoading, refetch } = useInviteQuery(code);
  const [accept, accepting] = useAcceptInviteMutation();
  useTitle(t('join.title'));
  const error = accepting.error ?? unknown;
  const problem = error ? asProblem(error) : null;

  if (isLoading) return <PageLoader />;
  if (problem && DEAD.includes(problem.status)) {
    return (
      <EmptyState level={1} icon={<MailX size={26} />} title={t('join.invalid')} text={t('join.invalidText')}>
        <Button component={Link} to="/">
          {t('goHome')}
        </Button>
      </EmptyState>
    );
  }
  if (unverified) {
    return (
      <CheckMail>
        <span className={classes.note}>{invite && t('join.later', { name: invite.channel_name })}</span>
      </CheckMail>
    );
  }
  const join = async () => {
    const { data } = await accept(code);
    if (data) void navigate(`/channels/${data.id}`, { replace: true });
  };
  return (
    <div className={classes.card}>
      <EmptyState level={1} icon={<MailOpen size={26} />} title={invite?.channel_name ?? t('join.title')} text={t('join.text')}>
        <ProblemNote problem={problem} onRetry={() => void refetch()} />
        <div className={classes.actions}>
          <Button size="md" loading={accepting.isLoading} disabled={!invite} onClick={() => void join()}>
            {t('join.submit')}
          </Button>
          <span className={classes.note}>{invite && t('join.members', { count: invite.member_count })}</span>
          <span className={classes.note}>{t('join.signedInAs', { name: me.name })}</span>
        </div>
      </EmptyState>
    </div>
  );
}
