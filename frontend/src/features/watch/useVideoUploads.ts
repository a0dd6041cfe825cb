import { useEffect, useRef, useState } from 'react';
import { newId } from '@/api/ids';
import { asProblem, type Problem } from '@/api/problem';
import { uploadFile } from '@/api/upload';
import type { File as StoredFile } from '@/api/wire.gen';
import { isPlayable } from './playable';

export interface VideoUpload {
  key: string;
  name: string;
  /** From 0 to 1. */
  part: number;
  /** Why it failed; "type" when it is neither a video nor sound. */
  problem: Problem | 'type' | null;
}

export interface VideoUploads {
  items: VideoUpload[];
  add: (files: Iterable<File>) => void;
  /** Gives one up, or takes a failed one off the list. */
  drop: (key: string) => void;
}

/** Uploads videos, each to `onStored` when it is there. Closing the place gives up what is on its way. */
export function useVideoUploads(onStored: (file: StoredFile) => Promise<void>): VideoUploads {
  const [items, setItems] = useState<VideoUpload[]>([]);
  const running = useRef(new Map<string, AbortController>());
  const stored = useRef(onStored);
  useEffect(() => {
    stored.current = onStored;
  });
  useEffect(() => {
    const all = running.current;
    return () => {
      for (const abort of all.values()) abort.abort();
    };
  }, []);

  const change = (key: string, more: Partial<VideoUpload>) => setItems((before) => before.map((item) => (item.key === key ? { ...item, ...more } : item)));
  const remove = (key: string) => setItems((before) => before.filter((item) => item.key !== key));

  const start = async (file: File) => {
    const key = newId();
    const playable = isPlayable(file.type);
    setItems((before) => [...before, { key, name: file.name, part: 0, problem: playable ? null : 'type' }]);
    if (!playable) return;
    const abort = new AbortController();
    running.current.set(key, abort);
    try {
      await stored.current(await uploadFile(file, { signal: abort.signal, onProgress: (part) => change(key, { part }) }));
      remove(key);
    } catch (error) {
      if (!abort.signal.aborted) change(key, { problem: asProblem(error) });
    } finally {
      running.current.delete(key);
    }
  };

  return {
    items,
    add: (files) => {
      for (const file of files) void start(file);
    },
    drop: (key) => {
      running.current.get(key)?.abort();
      remove(key);
    },
  };
}
