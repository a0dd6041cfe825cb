import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Plus, Ticket } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Navigate } from 'react-router';
import { useChannelsQuery } from '@/api/channels';
import { asProblem } from '@/api/problem';
import { EmptyState } from '@/components/EmptyState';
import { useMe } from '@/components/hooks';
import { lastChannel } from '@/components/lastChannel';
import { LogoMark } from '@/components/Logo';
import { PageLoader } from '@/components/PageLoader';
import { ProblemNote } from '@/components/ProblemNote';
import { useTitle } from '@/components/useTitle';
import { CheckMail, useUnverified } from '@/components/Verification';
import { CreateChannelDialog } from './CreateChannelDialog';
import { JoinDialog } from './JoinDialog';

/** The channel last looked at, or, for someone without any, the two ways to one. */
export function HomePage() {
  const { t } = useTranslation();
  const me = useMe();
  const unverified = useUnverified();
  const { data: channels, error, refetch } = useChannelsQuery();
  const [creating, create] = useDisclosure(false);
  const [joining, join] = useDisclosure(false);
  useTitle(undefined);

  if (error && !channels) {
    return (
      <div style={{ margin: 'auto', padding: 16 }}>
        <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (!channels) return <PageLoader />;
  const last = lastChannel.get();
  const channel = channels.find((one) => one.id === last) ?? channels[0];
  if (channel) {
    return (
      <>
        <PageLoader /> {/* until the channel's page is fetched: a way that leads on keeps what it left in view */}
        <Navigate to={`/channels/${channel.id}`} replace />
      </>
    );
  }
  if (unverified) return <CheckMail />;
  return (
    <>
      <EmptyState level={1} icon={<LogoMark size={56} />} title={t('shell.welcome', { name: me.name })} text={t('shell.welcomeText')}>
        <Button leftSection={<Plus size={18} aria-hidden="true" />} onClick={create.open}>
          {t('shell.createChannel')}
        </Button>
        <Button variant="default" leftSection={<Ticket size={18} aria-hidden="true" />} onClick={join.open}>
          {t('shell.joinWithCode')}
        </Button>
      </EmptyState>
      <CreateChannelDialog opened={creating} onClose={create.close} />
      <JoinDialog opened={joining} onClose={join.close} />
    </>
  );
}
