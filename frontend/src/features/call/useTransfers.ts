import { useSyncExternalStore } from 'react';
import type { Transfer } from '@/media/callFiles';
import { useCallSession } from './context';

/** The files of this call, and how many wait for one's own answer. */
export function useTransfers(): { transfers: Transfer[]; waiting: number } {
  const { files } = useCallSession();
  const { transfers } = useSyncExternalStore(files.subscribe, files.snapshot);
  return { transfers, waiting: transfers.filter(({ outgoing, state }) => !outgoing && state === 'offered').length };
}
