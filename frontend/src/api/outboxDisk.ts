import type { Database } from './database';
import { byTime, type Outgoing } from './outgoing';

const oldPrefix = 'lectern.outbox.';

/** What an entry was kept as before there was a database: one item of localStorage each. */
interface OldItem {
  clientId: string;
  userId: string;
  channelId: string;
  postId: string | null;
  body: string;
  files: Outgoing['files'];
  createdAt: string;
  status: string;
}

/**
 * Keeps what waits to be sent. Where the browser gives no storage, or no more of it, things are kept in memory only: that
 * costs them if the page is closed before they were sent, and nothing else.
 */
export class OutboxDisk {
  readonly #blobs = new Map<string, Blob>();

  constructor(private readonly open: () => Promise<Database>) {}

  /** Everything of an account, in the order of writing. */
  async load(userId: string): Promise<Outgoing[]> {
    const kept = (await this.#try((db) => db.getAllFromIndex('outbox', 'user', userId))) ?? [];
    return kept.sort(byTime);
  }

  async put(item: Outgoing): Promise<void> {
    await this.#try((db) => db.put('outbox', item));
  }

  async remove(item: Outgoing): Promise<void> {
    for (const { key } of item.pending) this.#blobs.delete(key);
    await this.#try(async (db) => {
      const change = db.transaction(['outbox', 'blobs'], 'readwrite');
      void change.objectStore('outbox').delete(item.clientId);
      for (const { key } of item.pending) void change.objectStore('blobs').delete(key);
      await change.done;
    });
  }

  async putBlob(key: string, blob: Blob): Promise<void> {
    this.#blobs.set(key, blob);
    await this.#try((db) => db.put('blobs', blob, key));
  }

  async blob(key: string): Promise<Blob | undefined> {
    return this.#blobs.get(key) ?? (await this.#try((db) => db.get('blobs', key)));
  }

  async removeBlob(key: string): Promise<void> {
    this.#blobs.delete(key);
    await this.#try((db) => db.delete('blobs', key));
  }

  /** Takes over what an earlier version had kept elsewhere. */
  async migrate(): Promise<void> {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(oldPrefix)) continue;
      const item = parse(localStorage.getItem(key));
      if (item) await this.put(item);
      localStorage.removeItem(key);
    }
  }

  async #try<T>(action: (db: Database) => Promise<T>): Promise<T | undefined> {
    try {
      return await action(await this.open());
    } catch {
      return undefined;
    }
  }
}

function parse(text: string | null): Outgoing | null {
  try {
    const { clientId, userId, channelId, postId, body, files, createdAt, status } = JSON.parse(text ?? '') as OldItem;
    return {
      clientId,
      userId,
      place: postId === null ? { kind: 'channel', id: channelId } : { kind: 'post', id: postId, channelId },
      body,
      files,
      pending: [],
      createdAt,
      status: status === 'failed' ? 'failed' : 'waiting',
      problem: null,
      attempts: 0,
      nextAt: 0,
    };
  } catch {
    return null;
  }
}
