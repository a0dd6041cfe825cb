import { useState } from 'react';
import { useParams } from 'react-router';
import { useChannelsQuery } from '@/api/channels';
import { useMeetingQuery } from '@/api/meetings';
import type { Meeting as MeetingResource } from '@/api/wire.gen';
import { PageLoader } from '@/components/PageLoader';
import { useTitle } from '@/components/useTitle';
import { type Ending, EndScreen } from './EndScreen';
import { PreJoin } from './prejoin/PreJoin';
import { Room } from './Room';
import { SessionProvider, useMeetingState, useSession, useSessions } from './sessions';
import { useNotices } from './useNotices';
import type { WatchParts } from './watchParts';

/** A meeting from the device check to its end, at /meeting/:id. */
export default function MeetingPage({ watchParts }: { watchParts: WatchParts }) {
  const { id = '' } = useParams();
  const { data: meeting, error, refetch } = useMeetingQuery(id, { refetchOnMountOrArgChange: true });
  if (meeting?.ended_at) return <EndScreen ending="ended" channelId={meeting.channel_id} />;
  if (meeting) return <Meeting key={id} meeting={meeting} watchParts={watchParts} />;
  if (!error) return <PageLoader />;
  const status = 'status' in error ? error.status : 0;
  if (status === 404 || status === 403) return <EndScreen ending="notFound" />;
  return <EndScreen ending="loadFailed" onAgain={() => void refetch()} />;
}

interface MeetingProps {
  meeting: MeetingResource;
  watchParts: WatchParts;
}

function Meeting({ meeting, watchParts }: MeetingProps) {
  const [attempt, setAttempt] = useState(0);
  const { onNotice, announcement } = useNotices();
  const sessions = useSessions(meeting.id, meeting.channel_id, attempt, onNotice);
  if (!sessions) return <PageLoader />;
  return (
    <SessionProvider value={sessions}>
      <Screen meeting={meeting} watchParts={watchParts} announcement={announcement} onAgain={() => setAttempt((n) => n + 1)} />
    </SessionProvider>
  );
}

const refusals: Record<string, Ending> = { room_full: 'full', not_found: 'notFound', forbidden: 'removed', conflict: 'ended' };

interface ScreenProps extends MeetingProps {
  announcement: string;
  onAgain: () => void;
}

/** What the stay's phase looks like. */
function Screen({ meeting, watchParts, announcement, onAgain }: ScreenProps) {
  const { meeting: session } = useSession();
  const { phase, refusal, me } = useMeetingState();
  const { data: channels } = useChannelsQuery();
  const channelId = meeting.channel_id;
  const channelName = channels?.find((channel) => channel.id === channelId)?.name ?? '';
  useTitle(channelName || undefined);

  switch (phase) {
    case 'joining':
      // Somebody who was in before, and comes back after a reload or a loss, needs no device check.
      if (me) return <PageLoader />;
      return <PreJoin meeting={meeting} channelName={channelName} />;
    case 'preview':
      return <PreJoin meeting={meeting} channelName={channelName} />;
    case 'joined':
    case 'reconnecting':
      return <Room channelId={channelId} channelName={channelName} watchParts={watchParts} announcement={announcement} />;
    case 'lost':
      return <EndScreen ending="lost" channelId={channelId} onAgain={() => session.join()} />;
    case 'refused': {
      const ending = refusals[refusal ?? ''] ?? 'refused';
      return <EndScreen ending={ending} channelId={channelId} {...(ending === 'full' || ending === 'refused' ? { onAgain } : {})} />;
    }
    case 'ended':
    case 'removed':
      return <EndScreen ending={phase} channelId={channelId} />;
    case 'left':
      return <EndScreen ending="left" channelId={channelId} onAgain={onAgain} />;
  }
}
