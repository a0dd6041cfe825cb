import { useMe } from '@/components/hooks';
import { useWatchRoom } from './room';
import { useWatch } from './useWatch';

interface Driving {
  /** Whether one's play and seek do anything: for the class, or for the own player only. */
  drives: boolean;
  /** Somebody watches on their own. */
  free: boolean;
  /** The user id of another teacher who holds the remote. */
  heldBy: string | null;
  playing: boolean;
  rate: number;
}

/** Who drives what from this window. */
export function useDriving(): Driving {
  const { teacher } = useWatchRoom();
  const { timeline, settings, free, local } = useWatch();
  const { id } = useMe();
  const heldBy = settings?.remote && settings.remote !== id ? settings.remote : null;
  return {
    drives: free || (teacher && heldBy === null),
    free,
    heldBy,
    playing: (local ?? timeline)?.playing === true,
    rate: (local ?? timeline)?.rate ?? 1,
  };
}
