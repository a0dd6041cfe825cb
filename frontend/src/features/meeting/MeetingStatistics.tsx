import type { StreamStatistics } from '@/media/statistics';
import { type SourceWord, StatisticsPanel } from '@/components/media/StatisticsPanel';
import { useMeetingState, useSession } from './sessions';

export default function MeetingStatistics({ onClose }: { onClose: () => void }) {
  const { meeting } = useSession();
  const { remote, participants } = useMeetingState();
  const nameOf = (stream: StreamStatistics, word: SourceWord): string => {
    const media = stream.sent ? undefined : remote.find(({ mid }) => mid === stream.mid);
    const owner = participants.find((p) => p.participant_id === media?.participantId);
    const source = stream.source ?? media?.source;
    return [owner?.user.name, source && word(source)].filter(Boolean).join(', ') || '–';
  };
  return <StatisticsPanel session={meeting} nameOf={nameOf} onClose={onClose} />;
}
