import { useEffect, useRef, useState } from 'react';
import { newId } from '@/api/ids';
import { asProblem, type Problem } from '@/api/problem';
import { uploadFile } from '@/api/upload';
import type { File as StoredFile } from '@/api/wire.gen';

/** The server's limit for one entry. */
export const MAX_FILES = 10;

export interface Upload {
  key: string;
  name: string;
  size: number;
  /** From 0 to 1. */
  progress: number;
  stored: StoredFile | null;
  problem: Problem | null;
}

export interface Uploads {
  items: Upload[];
  busy: boolean;
  stored: StoredFile[];
  /** Starts uploading; answers false when some were left out for being too many. */
  add: (files: Iterable<File>) => boolean;
  /** Removes one, giving up its upload if it still goes on. */
  remove: (key: string) => void;
  retry: (key: string) => void;
  clear: () => void;
}

/** The files of an entry that is being written. Leaving the place gives up what is still on its way. */
export function useUploads(): Uploads {
  const [items, setItems] = useState<Upload[]>([]);
  const running = useRef(new Map<string, { file: File; abort: AbortController }>());

  useEffect(() => {
    const all = running.current;
    return () => {
      for (const { abort } of all.values()) abort.abort();
    };
  }, []);

  const change = (key: string, part: Partial<Upload>) =>
    setItems((before) => before.map((item) => (item.key === key ? { ...item, ...part } : item)));

  const start = (key: string, file: File) => {
    const abort = new AbortController();
    running.current.set(key, { file, abort });
    uploadFile(file, { signal: abort.signal, onProgress: (progress) => change(key, { progress }) }).then(
      (stored) => {
        running.current.delete(key);
        change(key, { stored, progress: 1 });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) change(key, { problem: asProblem(error) });
      },
    );
  };

  return {
    items,
    busy: items.some((item) => item.stored === null && item.problem === null),
    stored: items.flatMap((item) => item.stored ?? []),
    add: (files) => {
      const all = [...files];
      const room = all.slice(0, Math.max(0, MAX_FILES - items.length)).map((file) => ({ key: newId(), file }));
      setItems((before) => [
        ...before,
        ...room.map(({ key, file }) => ({ key, name: file.name, size: file.size, progress: 0, stored: null, problem: null })),
      ]);
      for (const { key, file } of room) start(key, file);
      return room.length === all.length;
    },
    remove: (key) => {
      running.current.get(key)?.abort.abort();
      running.current.delete(key);
      setItems((before) => before.filter((item) => item.key !== key));
    },
    retry: (key) => {
      const file = running.current.get(key)?.file;
      if (!file) return;
      change(key, { problem: null, progress: 0 });
      start(key, file);
    },
    clear: () => setItems([]),
  };
}
