import { useEffect } from 'react';
import { BackLink } from '../BackLink';
import type { MeetingPlace } from '../place';
import { useMeetingPart, useSession } from '../sessions';
import { JoinPanel } from './JoinPanel';
import classes from './prejoin.module.css';
import { Preview } from './Preview';
import { joinsMuted } from './joinsMuted';
import { WaitingPanel } from './WaitingPanel';

interface PreJoinProps {
  place: MeetingPlace;
  channelName: string;
}

/** The device check, and the wait at the door: nobody sees or hears anybody before they are in. */
export function PreJoin({ place, channelName }: PreJoinProps) {
  const { meeting: session } = useSession();
  const waiting = useMeetingPart((stay) => stay.waiting);

  useEffect(() => {
    if (session.snapshot().phase !== 'preview') return;
    if (joinsMuted()) void session.setMuted(true);
    void session.local.openAll();
  }, [session]);

  return (
    <main className={classes.page}>
      <BackLink className={classes.back} channelId={place.channelId} wide />
      <div className={classes.columns}>
        <Preview />
        {waiting ? <WaitingPanel waiting={waiting} channelName={channelName} /> : <JoinPanel place={place} channelName={channelName} />}
      </div>
    </main>
  );
}
