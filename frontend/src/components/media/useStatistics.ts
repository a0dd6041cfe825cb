import { useEffect, useState } from 'react';
import { type MediaPeers, type RawStatistics, readStatistics, type Statistics } from '@/media/statistics';

const EVERY_MS = 1_000;

/** A session whose peer connections can be measured; null while there are none. */
export interface Measured {
  peers(): MediaPeers | null;
}

/** Reads the peer connections once a second while somebody looks. */
export function useStatistics(session: Measured): Statistics | null {
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
      const peers = session.peers();
      // A connection that is closed meanwhile answers no more; the next turn finds its successor.
      if (peers) await read(peers).catch(() => undefined);
      if (!over) timer = setTimeout(() => void turn(), EVERY_MS);
    };
    void turn();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [session]);
  return statistics;
}
