import { Button, Skeleton } from '@mantine/core';
import { MonitorSmartphone, Smartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useEndOtherSessionsMutation, useEndSessionMutation, useSessionsQuery } from '@/api/account';
import { asProblem } from '@/api/problem';
import type { DeviceSession } from '@/api/wire.gen';
import { useConfirm } from '@/components/confirm';
import { ProblemNote } from '@/components/ProblemNote';
import { useFormats } from '@/i18n/format';
import classes from './SettingsPage.module.css';

/** Systems that are held in a hand. */
const handheld = ['Android', 'iOS', 'iPadOS'];

/** Where one is signed in, with the ways to end that. */
export function Devices() {
  const { t } = useTranslation('settings');
  const { data: sessions, error, refetch } = useSessionsQuery(undefined, { refetchOnMountOrArgChange: true });
  const [endOthers, ending] = useEndOtherSessionsMutation();
  const { ask, dialog } = useConfirm();
  if (error && !sessions) return <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />;
  if (!sessions) return <Skeleton height={56} />;
  return (
    <>
      <ProblemNote problem={ending.error ? asProblem(ending.error) : null} />
      <ul className={classes.devices}>
        {sessions.map((session) => (
          <Device key={session.id} session={session} />
        ))}
      </ul>
      {sessions.length > 1 && (
        <Button
          variant="default"
          mt="md"
          loading={ending.isLoading}
          onClick={() =>
            ask({
              title: t('devices.endOthersTitle'),
              text: t('devices.endOthersText'),
              action: t('devices.end'),
              onConfirm: () => void endOthers(),
            })
          }
        >
          {t('devices.endOthers')}
        </Button>
      )}
      {dialog}
    </>
  );
}

function Device({ session: { id, device, ip, last_used_at: used, created_at: since, current } }: { session: DeviceSession }) {
  const { t } = useTranslation('settings');
  const { ago, full } = useFormats();
  const [end, { isLoading, error }] = useEndSessionMutation();
  const { browser, system } = device;
  const name = browser && system ? t('devices.on', { browser, system }) : browser || system || t('devices.unknown');
  const Icon = handheld.includes(system) ? Smartphone : MonitorSmartphone;
  return (
    <li className={classes.device}>
      <Icon size={22} aria-hidden="true" className={classes.deviceIcon} />
      <div className={classes.about}>
        <div className={classes.deviceName}>
          {name}
          {current && (
            <span className={classes.state} data-good>
              {t('devices.this')}
            </span>
          )}
        </div>
        <div className={classes.hint} title={t('devices.since', { day: full(since) })}>
          {t('devices.lastUsed', { ago: ago(used) })} · {ip}
        </div>
        <ProblemNote problem={error ? asProblem(error) : null} />
      </div>
      {!current && (
        <Button
          size="compact-sm"
          variant="default"
          loading={isLoading}
          aria-label={t('devices.endNamed', { device: name })}
          onClick={() => void end(id)}
        >
          {t('devices.end')}
        </Button>
      )}
    </li>
  );
}
