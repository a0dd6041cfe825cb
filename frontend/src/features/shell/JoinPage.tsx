import { Button } from '@mantine/core';
import { MailOpen, MailX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { useAcceptInviteMutation } from '@/api/api';
import { asProblem } from '@/api/problem';
import { EmptyState } from '@/components/EmptyState';
import { useMe } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import { useTitle } from '@/components/useTitle';

/** Where an invite link leads: one sentence of what joining means, and the button. */
export function JoinPage() {
  const { t } = useTranslation();
  const { code = '' } = useParams();
  const me = useMe();
  const navigate = useNavigate();
  const [accept, { isLoading, error }] = useAcceptInviteMutation();
  useTitle(t('join.title'));
  const problem = error ? asProblem(error) : null;

  if (problem && [404, 409, 410, 422].includes(problem.status)) {
    return (
      <EmptyState level={1} icon={<MailX size={26} />} title={t('join.invalid')} text={t('join.invalidText')}>
        <Button component={Link} to="/">
          {t('goHome')}
        </Button>
      </EmptyState>
    );
  }
  const join = async () => {
    const { data } = await accept(code);
    if (data) void navigate(`/channels/${data.id}`, { replace: true });
  };
  return (
    <EmptyState level={1} icon={<MailOpen size={26} />} title={t('join.title')} text={t('join.text')}>
      <ProblemNote problem={problem} />
      <div style={{ display: 'grid', gap: 12, width: '100%', justifyItems: 'center' }}>
        <Button size="md" loading={isLoading} onClick={() => void join()}>
          {t('join.submit')}
        </Button>
        <span style={{ color: 'var(--ink-soft)', fontSize: 14 }}>{t('join.signedInAs', { name: me.name })}</span>
      </div>
    </EmptyState>
  );
}
