import { newId } from './ids';
import { outboxActions } from './outbox';
import type { Outbox } from './outboxSender';
import type { Outgoing } from './outgoing';

type Dispatch = (action: never) => unknown;

/** The outbox of the account that is signed in; see Live. */
let current: Outbox | null = null;

export function setOutbox(outbox: Outbox | null): void {
  current = outbox;
}

let lastAt = 0;

/** The time, later than any given before: what is written in one millisecond has an order, too. */
function writtenAt(): string {
  lastAt = Math.max(Date.now(), lastAt + 1);
  return new Date(lastAt).toISOString();
}

/** `blobs` are files that have not been uploaded yet: the outbox does, when it can. */
export type NewEntry = Pick<Outgoing, 'userId' | 'place' | 'body' | 'files'> & { blobs?: File[] };

/** Shows an entry at once and sends it as soon as that can be done; the client id makes every retry harmless. */
export function postEntry({ blobs = [], ...entry }: NewEntry) {
  return (dispatch: Dispatch): void => {
    const files = blobs.map((blob) => ({ blob, file: { key: newId(), name: blob.name || 'file', size: blob.size, type: blob.type } }));
    const item: Outgoing = {
      ...entry,
      clientId: newId(),
      pending: files.map(({ file }) => file),
      createdAt: writtenAt(),
      status: 'waiting',
      problem: null,
      attempts: 0,
      nextAt: 0,
    };
    dispatch(outboxActions.added([item]) as never);
    void current?.take(item, new Map(files.map(({ blob, file }) => [file.key, blob])));
  };
}

/** Tries one again at once, one that was refused too. */
export function retryEntry(clientId: string) {
  return (): void => void current?.retry(clientId);
}

/** Takes back what has not been sent. */
export function discardEntry(clientId: string) {
  return (): void => void current?.discard(clientId);
}
