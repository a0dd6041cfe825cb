import { Button, Stack, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DeviceProblems } from '@/components/media/DeviceProblems';
import { DeviceSelects } from '@/components/media/DeviceSelects';
import { SoundSwitches } from '@/components/media/SoundSwitches';
import type { MeetingPlace } from '../place';
import { useLocalMedia, useMeetingPart, useSession } from '../sessions';
import { joinsMuted, setJoinsMuted } from './joinsMuted';
import classes from './prejoin.module.css';

/** What somebody decides before going in. */
export function JoinPanel({ place, channelName }: { place: MeetingPlace; channelName: string }) {
  const { t } = useTranslation('meeting');
  const { meeting: session } = useSession();
  const joining = useMeetingPart((stay) => stay.phase === 'joining');
  const restarting = useMeetingPart((stay) => stay.restarting);
  const { microphone, camera } = useLocalMedia();
  const knocks = place.channelId === null;
  return (
    <Stack gap="md" className={classes.side}>
      <div>
        <p className={classes.kicker}>{channelName}</p>
        <h1 className={classes.title}>{t(knocks ? 'prejoin.knockTitle' : 'prejoin.title')}</h1>
        <p className={classes.count}>{knocks ? t('prejoin.knockText', { name: place.host.name }) : place.people ? t('people', { count: place.people }) : t('nobodyYet')}</p>
      </div>
      <DeviceProblems local={session.local} />
      {(microphone.problem || camera.problem) && <p className={classes.hint}>{t('prejoin.listenOnly')}</p>}
      <DeviceSelects local={session.local} />
      <details className={classes.more}>
        <summary>{t('prejoin.more')}</summary>
        <SoundSwitches local={session.local} />
      </details>
      <JoinMuted />
      <div className={classes.enter}>
        <Button size="md" fullWidth loading={joining} onClick={() => session.join()} data-autofocus>
          {joining ? t('prejoin.joining') : t(knocks ? 'prejoin.knock' : 'prejoin.join')}
        </Button>
      </div>
      <p className={classes.hint} role="status">
        {t(restarting ? 'prejoin.restarting' : 'prejoin.hint')}
      </p>
    </Stack>
  );
}

function JoinMuted() {
  const { t } = useTranslation('meeting');
  const { meeting: session } = useSession();
  const [always, setAlways] = useState(joinsMuted);
  const onChange = (muted: boolean) => {
    setAlways(muted);
    setJoinsMuted(muted);
    if (muted) void session.setMuted(true);
  };
  return <Switch label={t('prejoin.joinMuted')} checked={always} onChange={(event) => onChange(event.currentTarget.checked)} />;
}
