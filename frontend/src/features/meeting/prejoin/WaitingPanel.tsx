import { Button, Loader, Stack } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Waiting } from '@/api/wire.gen';
import { clockTime } from '@/components/clockTime';
import { DeviceProblems } from '@/components/media/DeviceProblems';
import { DeviceSelects } from '@/components/media/DeviceSelects';
import { useMeetingPart, useSession } from '../sessions';
import classes from './prejoin.module.css';

/** At the door: why one waits, for how long by now, and whether anybody is there to open. */
export function WaitingPanel({ waiting, channelName }: { waiting: Waiting; channelName: string }) {
  const { t } = useTranslation('meeting');
  const { meeting: session } = useSession();
  const interrupted = useMeetingPart((stay) => stay.interrupted);
  const restarting = useMeetingPart((stay) => stay.restarting);
  const admitted = useMeetingPart((stay) => stay.phase === 'joining');
  const { reason, teachers } = waiting;
  return (
    <Stack gap="md" className={classes.side}>
      <div>
        <p className={classes.kicker}>{channelName}</p>
        <h1 className={classes.title}>{t('waiting.title')}</h1>
      </div>
      <p>{t(reason === 'knock' ? 'waiting.knock' : 'waiting.lobby')}</p>
      <p className={classes.wait} role="status">
        <Loader size="xs" aria-hidden />
        {admitted ? t('waiting.admitted') : restarting ? t('waiting.restarting') : interrupted ? t('waiting.interrupted') : teachers === 0 ? t('waiting.nobody') : t('waiting.teachers', { count: teachers })}
      </p>
      <WaitedFor since={waiting.since} />
      <DeviceProblems local={session.local} />
      <DeviceSelects local={session.local} />
      <Button variant="default" size="md" onClick={() => session.leave()} disabled={admitted}>
        {t('waiting.leave')}
      </Button>
    </Stack>
  );
}

function WaitedFor({ since }: { since: string }) {
  const { t } = useTranslation('meeting');
  const { watch } = useSession();
  const [now, setNow] = useState(() => watch.serverNow());
  useInterval(() => setNow(watch.serverNow()), 1000, { autoInvoke: true });
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  return (
    <p className={classes.hint}>
      {t('waiting.since')} <span role="timer">{clockTime(seconds)}</span>
    </p>
  );
}
