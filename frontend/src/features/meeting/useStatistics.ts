import { useEffect, useState } from 'react';
import { type MediaPeers, type RawStatistics, readStatistics, type Statistics } from '@/media/statistics';
import { useSession } from './sessions';

const EVERY_MS = 1_000;

/** Reads the peer connections once a second while somebody looks. */
export function useStatistics(): Statistics | null {
  const { meeting } = useSession();
  const [statistics, setStatistics] = useState<Statistics | null>(null);
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last: { of: RTCPeerConnection; raw: RawStatistics } | null = null;
    const read = async (peers: MediaPeers) => {
      const raw = await readStatistics(peers, last?.of === peers.publisher ? last.raw : null);
      last = { of: peers.publisher, raw };
      if (!over) setStatistics(raw.statistics);
    };
    const turn = async () => {
      const peers = meeting.peers();
      // A connection that is closed meanwhile answers no more; the next turn finds its successor.
      if (peers) await read(peers).catch(() => undefined);
      if (!over) timer = setTimeout(() => void turn(), EVERY_MS);
    };
    void turn();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [meeting]);
  return statistics;
}
