import { useSyncExternalStore } from 'react';
import type { LocalMedia, LocalSnapshot } from '@/media/localMedia';

/** This window's own devices as they are now. */
export function useLocal(local: LocalMedia): LocalSnapshot {
  return useSyncExternalStore(local.subscribe, local.snapshot);
}
