import { useEffect, useRef, useState } from 'react';
import type { PlaylistEntry } from '@/api/wire.gen';
import { checkYouTube } from '@/playback/players/youtubeCheck';
import type { PlayerProblem } from '@/playback/players/player';
import { isPending } from '@/playback/playlistEdits';
import { useWatchRoom } from './room';
import { reportable } from './useReport';

interface Checks {
  /** The entry that is being looked at; its player wants a place on screen. */
  checking: string | null;
  attach: (host: HTMLDivElement | null) => void;
  /** Why an entry could not be checked from here; that says nothing about the video. */
  troubles: Record<string, PlayerProblem | 'unknown'>;
  again: (id: string) => void;
}

/**
 * Looks before class whether YouTube lets the list's videos play here: one after the other, silently, in this teacher's
 * browser. What is found out goes to the server and so to everybody's list.
 */
export function useChecks(entries: PlaylistEntry[], playingKey: string | undefined): Checks {
  const { lesson } = useWatchRoom();
  const [host, setHost] = useState<HTMLDivElement | null>(null);
  const [done, setDone] = useState<Record<string, PlayerProblem | 'unknown' | null>>({});
  const [forced, setForced] = useState<string | null>(null);
  const next = entries.find(
    (entry) =>
      entry.item.kind === 'youtube' &&
      !isPending(entry) &&
      entry.item.key !== playingKey &&
      (entry.id === forced || (!entry.item.duration && entry.problem === '' && !(entry.id in done))),
  );
  const id = next?.id ?? null;
  const item = useRef(next?.item);
  useEffect(() => {
    item.current = next?.item;
  });

  useEffect(() => {
    if (!id || !host || !item.current) return;
    const checked = item.current;
    const abort = new AbortController();
    void checkYouTube(checked, host, abort.signal).then((found) => {
      if (abort.signal.aborted) return;
      setForced(null);
      setDone((before) => ({ ...before, [id]: found ? found.problem : 'unknown' }));
      if (!found || !checked.key) return;
      const problem = found.problem === null ? '' : reportable[found.problem];
      if (problem === undefined) return;
      lesson.report(checked.key, { problem, ...(found.duration && { duration: found.duration }), ...(found.title && { title: found.title }) });
    });
    return () => abort.abort();
  }, [id, host, lesson]);

  const troubles = Object.fromEntries(Object.entries(done).filter((entry): entry is [string, PlayerProblem | 'unknown'] => entry[1] !== null && !(entry[1] in reportable)));
  return { checking: id, attach: setHost, troubles, again: setForced };
}
