import type { Problem } from './problem';
import type { Quote, File as StoredFile } from './wire.gen';

/** Where something is written: a channel (a post), a post (a comment) or a conversation (a message, perhaps an answer). */
export type Place =
  | { kind: 'channel'; id: string }
  | { kind: 'post'; id: string; channelId: string }
  | { kind: 'conversation'; id: string; replyTo?: Quote };

/** The place's name: of its draft, and of what is on its way there. */
export function placeKey({ kind, id }: Pick<Place, 'kind' | 'id'>): string {
  return `${kind}:${id}`;
}

/** A file that is still only on this device; its bytes are kept under `key`. */
export interface PendingFile {
  key: string;
  name: string;
  size: number;
  type: string;
}

/** An entry on its way to the server. `waiting` sends itself when it can; `failed` was refused and asks the person. */
export interface Outgoing {
  clientId: string;
  userId: string;
  place: Place;
  body: string;
  files: StoredFile[];
  /** Uploaded before the entry is sent; they come after `files`. */
  pending: PendingFile[];
  createdAt: string;
  status: 'waiting' | 'sending' | 'failed';
  problem: Problem | null;
  /** How often sending has failed for want of a connection or of a working server. */
  attempts: number;
  /** Not tried again before then, in milliseconds since the epoch. */
  nextAt: number;
}

/** The order of writing. */
export function byTime(a: Outgoing, b: Outgoing): number {
  return a.createdAt.localeCompare(b.createdAt) || a.clientId.localeCompare(b.clientId);
}

export type Progress = Pick<Outgoing, 'status' | 'problem' | 'attempts' | 'nextAt' | 'files' | 'pending'>;
