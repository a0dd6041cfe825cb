import { StatisticsPanel } from '@/components/media/StatisticsPanel';
import { useMe } from '@/components/hooks';
import { useCallSession, usePeerName } from './context';

export default function CallStatistics({ onClose }: { onClose: () => void }) {
  const session = useCallSession();
  const me = useMe();
  const peer = usePeerName();
  return (
    <StatisticsPanel session={session} nameOf={({ sent, source }, word) => [sent ? me.name : peer, source && word(source)].filter(Boolean).join(', ')} onClose={onClose} />
  );
}
