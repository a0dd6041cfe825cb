import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useServerQuery } from '@/api/account';
import { useHealthQuery } from '@/api/admin';
import { asProblem } from '@/api/problem';
import { ProblemNote } from '@/components/ProblemNote';
import { useFormats } from '@/i18n/format';
import classes from './AdminPage.module.css';

/** How often the numbers are asked for again, in milliseconds. */
const POLL_MS = 10_000;

const databases = { sqlite: 'SQLite', postgresql: 'PostgreSQL' };

export function ServerTab() {
  const { t } = useTranslation('admin');
  const { duration, list, number, size } = useFormats();
  const { data: health, error, refetch } = useHealthQuery(undefined, { refetchOnMountOrArgChange: true, pollingInterval: POLL_MS });
  const { data: server } = useServerQuery();
  if (error && !health) return <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />;
  if (!health || !server) return <Skeleton height={220} />;
  return (
    <>
      {health.warnings.map((code) => (
        <p key={code} className={classes.warning}>
          {t(`server.warnings.${code}`)}
        </p>
      ))}
      <dl className={classes.facts}>
        <Fact name={t('server.version')}>{health.version}</Fact>
        <Fact name={t('server.uptime')}>{duration(health.uptime_s)}</Fact>
        <Fact name={t('server.database')}>{databases[health.database]}</Fact>
        <Fact name={t('server.sockets')}>{number(health.sockets)}</Fact>
        <Fact name={t('server.meetings')}>{number(health.meetings)}</Fact>
        <Fact name={t('server.participants')}>{number(health.participants)}</Fact>
        <Fact name={t('server.memory')}>{size(health.memory_bytes)}</Fact>
        <Fact name={t('server.goroutines')}>{number(health.goroutines)}</Fact>
        <Fact name={t('server.mail')}>{server.email_verification ? t('server.mailOn') : t('server.mailOff')}</Fact>
        <Fact name={t('server.signUp')}>
          {server.sign_up === 'domains' ? t('server.signUpDomains', { domains: list(server.domains ?? []) }) : t(`server.signUps.${server.sign_up}`)}
        </Fact>
      </dl>
      <p className={classes.soft}>{t('server.configure')}</p>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
