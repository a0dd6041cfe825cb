import { useEffect, useState } from 'react';
import { useParams } from 'react-router';
import { useMeetingDoorQuery, useMeetingQuery } from '@/api/meetings';
import { PageLoader } from '@/components/PageLoader';
import { useTitle } from '@/components/useTitle';
import type { MeetingSession } from '@/media/meetingSession';
import { EmbeddedProvider } from './embedded';
import { EndScreen, endingOf } from './EndScreen';
import { type MeetingPlace, placeOf } from './place';
import { PreJoin } from './prejoin/PreJoin';
import { Room } from './Room';
import { SessionProvider, useMeetingPart, useSession, useSessions } from './sessions';
import { useChannelName } from './useChannelName';
import { useNotices } from './useNotices';
import type { WatchParts } from './watchParts';

interface MeetingPageProps {
  watchParts: WatchParts;
  /** For a page around this one that drives the meeting from a frame. */
  onSession?: (session: MeetingSession | null) => void;
}

/** A meeting from the device check to its end, at /meeting/:id. Who is not in its channel may knock. */
export default function MeetingPage({ watchParts, onSession }: MeetingPageProps) {
  const { id = '' } = useParams();
  const { data: meeting, error, refetch } = useMeetingQuery(id, { refetchOnMountOrArgChange: true });
  const shut = error !== undefined && 'status' in error && (error.status === 404 || error.status === 403);
  const { data: door, error: noDoor } = useMeetingDoorQuery(id, { skip: !shut });
  const place = placeOf(meeting, shut ? door : undefined);
  if (place?.ended) return <EndScreen ending="ended" channelId={place.channelId} />;
  if (place) {
    return (
      <EmbeddedProvider value={onSession !== undefined}>
        <Stay key={id} place={place} watchParts={watchParts} onSession={onSession} onEntered={() => void refetch()} />
      </EmbeddedProvider>
    );
  }
  if (noDoor && 'status' in noDoor && noDoor.status === 404) return <EndScreen ending="notFound" />;
  if (noDoor || (error && !shut)) return <EndScreen ending="loadFailed" onAgain={() => void refetch()} />;
  return <PageLoader />;
}

interface StayProps {
  place: MeetingPlace;
  watchParts: WatchParts;
  onSession: MeetingPageProps['onSession'];
  /** Somebody who knocked is in, and a member now. */
  onEntered: () => void;
}

function Stay({ place, watchParts, onSession, onEntered }: StayProps) {
  const [attempt, setAttempt] = useState(0);
  const { onNotice, announcement } = useNotices();
  const sessions = useSessions(place.meetingId, attempt, onNotice);
  const session = sessions?.meeting ?? null;
  useEffect(() => {
    onSession?.(session);
    return () => onSession?.(null);
  }, [onSession, session]);
  if (!sessions) return <PageLoader />;
  return (
    <SessionProvider value={sessions}>
      <Screen place={place} watchParts={watchParts} announcement={announcement} onAgain={() => setAttempt((n) => n + 1)} onEntered={onEntered} />
    </SessionProvider>
  );
}

interface ScreenProps extends Omit<StayProps, 'onSession'> {
  announcement: string;
  onAgain: () => void;
}

/** What the stay's phase looks like. */
function Screen({ place, watchParts, announcement, onAgain, onEntered }: ScreenProps) {
  const { meeting: session } = useSession();
  const phase = useMeetingPart((stay) => stay.phase);
  const refusal = useMeetingPart((stay) => stay.refusal);
  const askAgainAt = useMeetingPart((stay) => stay.askAgainAt);
  const resumes = useMeetingPart((stay) => stay.phase === 'joining' && stay.me !== null);
  const channelName = useChannelName(place);
  const { channelId } = place;
  const entered = phase === 'joined' && channelId === null;
  useTitle(channelName || undefined);
  useEffect(() => {
    if (entered) onEntered();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once per entry, whoever draws this
  }, [entered]);

  switch (phase) {
    case 'preview':
    case 'joining':
    case 'waiting':
      // Somebody who was in before, and comes back after a reload or a loss, needs no device check.
      return resumes ? <PageLoader /> : <PreJoin place={place} channelName={channelName} />;
    case 'joined':
    case 'reconnecting':
      if (channelId === null) return <PageLoader />;
      return <Room channelId={channelId} channelName={channelName} watchParts={watchParts} announcement={announcement} />;
    case 'lost':
      return <EndScreen ending="lost" channelId={channelId} onAgain={() => session.join()} />;
    default: {
      const { ending, again } = endingOf(phase, refusal);
      return <EndScreen ending={ending} askAgainAt={askAgainAt} channelId={channelId} {...(again ? { onAgain } : {})} />;
    }
  }
}
