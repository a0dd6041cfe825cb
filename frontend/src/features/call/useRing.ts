import { useEffect } from 'react';
import { usePreferencesQuery } from '@/api/preferences';
import type { Preferences } from '@/api/wire.gen';
import { type Ring, ring, ringOnce } from '@/media/ringer';

/** Whether sounds are wanted now. */
export function wantsSound({ sounds, dnd, dnd_until }: Pick<Preferences, 'sounds' | 'dnd' | 'dnd_until'>, now = Date.now()): boolean {
  return sounds && !(dnd && (dnd_until === null || Date.parse(dnd_until) > now));
}

/** Sounds while there is something to hear. Who is called is rung in one window of a browser; who calls hears it in theirs. */
export function useRing(kind: Ring | null): void {
  const { data: preferences } = usePreferencesQuery();
  const quiet = kind === 'incoming' && preferences !== undefined && !wantsSound(preferences);
  useEffect(() => {
    if (!kind || quiet) return;
    return kind === 'incoming' ? ringOnce(kind) : ring(kind);
  }, [kind, quiet]);
}
