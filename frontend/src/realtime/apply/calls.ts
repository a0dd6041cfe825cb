import { api } from '@/api/api';
import type { Cache, Source } from './cache';

/** What rings and what is spoken lives in src/media/calls.ts; here the list of past calls grows. */
export function applyCalls(events: Source, cache: Cache): (() => void)[] {
  const changed = () => cache.dispatch(api.util.invalidateTags(['Calls']));
  return [events.on('call.ended', changed), events.on('call.declined', changed), events.on('call.taken', changed)];
}
