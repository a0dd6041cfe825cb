import { newId } from '@/api/ids';
import { asProblem, type Problem } from '@/api/problem';
import { uploadFile } from '@/api/upload';
import type { File as StoredFile } from '@/api/wire.gen';
import { forgetUpload, keepUpload, type KeptUpload, keptUploads } from './kept';

/** The server's limit for one entry. */
export const MAX_FILES = 10;
/** Larger files are not kept for after a reload: they are chosen again, and go on from where they were. */
const KEEP_BYTES = 128 << 20;

export interface Upload {
  key: string;
  name: string;
  size: number;
  voice: boolean;
  /** From 0 to 1. */
  progress: number;
  stored: StoredFile | null;
  problem: Problem | null;
  /** There is no connection just now. */
  waiting: boolean;
  /** After a reload the page has lost the bytes: they have to be chosen again. */
  lost: boolean;
}

export function isUnderWay({ stored, problem, lost }: Upload): boolean {
  return !stored && !problem && !lost;
}

interface Job {
  file: File | null;
  abort: AbortController;
  kept: KeptUpload;
}

/** The files of an entry that is being written in a place. Leaving the place or reloading the page gives nothing up. */
export class Tray {
  private items: readonly Upload[] = [];
  private readonly jobs = new Map<string, Job>();
  private readonly listeners = new Set<() => void>();
  readonly restored: Promise<void>;

  constructor(private readonly place: string) {
    this.restored = this.restore();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): readonly Upload[] => this.items;

  /** Starts uploading; answers false when some were left out for being too many. */
  add(files: Iterable<File>, voice = false): boolean {
    const all = [...files].filter((file) => !this.takeUp(file));
    const room = all.slice(0, Math.max(0, MAX_FILES - this.items.length));
    for (const file of room) {
      const kept: KeptUpload = {
        key: newId(),
        place: this.place,
        name: file.name,
        size: file.size,
        voice,
        at: Date.now(),
        file: file.size <= KEEP_BYTES ? file : null,
        url: null,
        stored: null,
      };
      void keepUpload(kept);
      this.put(kept, file);
      this.start(kept.key);
    }
    return room.length === all.length;
  }

  /** Removes one, giving up its upload if it still goes on. */
  remove(key: string): void {
    this.jobs.get(key)?.abort.abort();
    this.forget(key);
  }

  retry(key: string): void {
    this.change(key, { problem: null, progress: 0 });
    this.start(key);
  }

  /** Gives up the uploads that go on and answers their files: whoever takes them uploads them. */
  handOver(): File[] {
    const files: File[] = [];
    for (const { key } of this.items.filter(isUnderWay)) {
      const file = this.jobs.get(key)?.file;
      if (file) files.push(file);
      this.remove(key);
    }
    return files;
  }

  /** Takes the files out that went with an entry. */
  clear(): void {
    for (const { key, stored } of this.items) if (stored) this.forget(key);
  }

  private async restore(): Promise<void> {
    for (const kept of await keptUploads(this.place)) {
      if (this.jobs.has(kept.key)) continue;
      this.put(kept, kept.file);
      if (!kept.stored && kept.file) this.start(kept.key);
    }
  }

  /** Whether a file is one that has lost its bytes at a reload; then it goes on. */
  private takeUp(file: File): boolean {
    const lost = this.items.find((item) => item.lost && item.name === file.name && item.size === file.size);
    const job = lost && this.jobs.get(lost.key);
    if (!lost || !job) return false;
    job.file = file;
    this.change(lost.key, { lost: false });
    this.start(lost.key);
    return true;
  }

  private put(kept: KeptUpload, file: File | null): void {
    const { key, name, size, voice, stored } = kept;
    this.jobs.set(key, { file, kept, abort: new AbortController() });
    const item: Upload = { key, name, size, voice, stored, progress: stored ? 1 : 0, problem: null, waiting: false, lost: !stored && !file };
    this.set([...this.items, item]);
  }

  private start(key: string): void {
    const job = this.jobs.get(key);
    if (!job?.file) return;
    const { file, kept } = job;
    const abort = new AbortController();
    job.abort = abort;
    const onProgress = (progress: number) => this.change(key, { progress, waiting: false });
    const save = (part: Partial<KeptUpload>) => {
      Object.assign(kept, part);
      void keepUpload(kept);
    };
    uploadFile(file, {
      signal: abort.signal,
      onProgress,
      voice: kept.voice,
      url: kept.url,
      onUrl: (url) => save({ url }),
      onWaiting: (waiting) => this.change(key, { waiting }),
    }).then(
      (stored) => {
        save({ stored, file: null, url: null });
        job.file = null;
        this.change(key, { stored, progress: 1, waiting: false });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) this.change(key, { problem: asProblem(error), waiting: false });
      },
    );
  }

  private forget(key: string): void {
    this.jobs.delete(key);
    void forgetUpload(key);
    this.set(this.items.filter((item) => item.key !== key));
  }

  private change(key: string, part: Partial<Upload>): void {
    if (this.jobs.has(key)) this.set(this.items.map((item) => (item.key === key ? { ...item, ...part } : item)));
  }

  private set(items: readonly Upload[]): void {
    this.items = items;
    for (const listener of this.listeners) listener();
  }
}
