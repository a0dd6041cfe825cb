import { mergeMessage } from './conversations';
import type { Entry } from './entries';
import { http } from './http';
import { outboxActions, type WithOutbox } from './outbox';
import { byTime, type Outgoing, placeKey, type Progress } from './outgoing';
import type { OutboxDisk } from './outboxDisk';
import { mergeComment, mergePost } from './posts';
import { abortedProblem, asProblem, isTransient, type Problem } from './problem';
import { uploadFile } from './upload';
import type { Comment, Message, Post } from './wire.gen';

/** The delay after the first failure, doubled with each until the last, in milliseconds. */
const FIRST_DELAY_MS = 1_000;
const LAST_DELAY_MS = 60_000;

/** The socket, as far as messages need it. */
export interface Line {
  readonly state: string;
  send<T>(type: string, data: unknown): Promise<T>;
}

/** Tells the account's other tabs; what one says itself it does not hear. */
export interface Tabs {
  say(words: Words): void;
  hear(listener: (words: Words) => void): void;
  close(): void;
}

/** What tabs tell each other. */
export type Words =
  | { kind: 'added'; item: Outgoing }
  | { kind: 'changed'; clientId: string; progress: Partial<Progress> }
  | { kind: 'sent'; clientId: string; entry: Entry }
  | { kind: 'removed'; clientId: string };

/** Becomes the one tab that sends, as soon as no other is, until the signal; never resolves before. */
export type Lead = (name: string, signal: AbortSignal, work: () => Promise<void>) => Promise<void>;

interface Store {
  dispatch: (action: never) => unknown;
  getState: () => unknown;
}

interface Options {
  userId: string;
  store: Store;
  disk: OutboxDisk;
  line: Line;
  tabs: Tabs;
  lead: Lead;
  /** Uniform in [0, 1). */
  random?: () => number;
}

/**
 * Sends what the account's tabs have written, each place in the order of writing. All tabs show it; one sends. What could not
 * be sent for want of a connection is tried again with growing delays, for ever; what was refused waits for a word of the person.
 */
export class Outbox {
  readonly #end = new AbortController();
  readonly #busy = new Map<string, { clientId: string; abort: AbortController }>();
  /** What has been sent or taken back: a list that was read from the device before may still have it. */
  readonly #gone = new Set<string>();
  #leads = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: Options) {
    options.tabs.hear((words) => this.#hear(words));
  }

  /** Brings back what earlier pages had not sent, and sends as soon as it is this tab's turn. */
  async open(): Promise<void> {
    await this.options.disk.migrate();
    await this.#restore();
    void this.options.lead(`lectern.outbox.${this.options.userId}`, this.#end.signal, async () => {
      await this.#restore(); // what the tab that sent before had been told and did not finish
      for (const item of this.#items) if (item.status === 'sending') this.#change(item.clientId, { status: 'waiting' });
      this.#leads = true;
      this.wake();
      await new Promise<void>((done) => this.#end.signal.addEventListener('abort', () => done()));
    });
  }

  close(): void {
    this.#end.abort();
    this.#leads = false;
    clearTimeout(this.#timer);
    for (const { abort } of this.#busy.values()) abort.abort();
    this.options.tabs.close();
    this.#dispatch(outboxActions.cleared());
  }

  /** Keeps a new entry, which is shown already, and sends it. */
  async take(item: Outgoing, blobs: Map<string, Blob>): Promise<void> {
    for (const [key, blob] of blobs) await this.options.disk.putBlob(key, blob);
    await this.options.disk.put(item);
    this.options.tabs.say({ kind: 'added', item });
    this.#pump();
    const first = this.#waitingAt(item).find((one) => one.problem !== null);
    if (first) this.#change(item.clientId, { problem: first.problem });
  }

  async retry(clientId: string): Promise<void> {
    await this.#tell(clientId, { status: 'waiting', problem: null, nextAt: 0 });
    this.#pump();
  }

  async discard(clientId: string): Promise<void> {
    const item = this.#find(clientId);
    this.#drop(clientId);
    this.options.tabs.say({ kind: 'removed', clientId });
    if (item) await this.options.disk.remove(item);
  }

  /** The connection is back: what waits need wait no longer. */
  wake(): void {
    for (const item of this.#items) if (item.status === 'waiting' && item.nextAt > 0) this.#change(item.clientId, { nextAt: 0 });
    this.#pump();
  }

  get #items(): Outgoing[] {
    return (this.options.store.getState() as WithOutbox).outbox.items;
  }

  #find(clientId: string): Outgoing | undefined {
    return this.#items.find((item) => item.clientId === clientId);
  }

  #dispatch(action: unknown): void {
    this.options.store.dispatch(action as never);
  }

  #change(clientId: string, progress: Partial<Progress>): void {
    this.#dispatch(outboxActions.changed({ clientId, ...progress }));
  }

  /** Changes an entry here, in the other tabs and on the device. */
  async #tell(clientId: string, progress: Partial<Progress>): Promise<void> {
    this.#change(clientId, progress);
    this.options.tabs.say({ kind: 'changed', clientId, progress });
    const item = this.#find(clientId);
    if (item) await this.options.disk.put(item);
  }

  #drop(clientId: string): void {
    for (const { clientId: running, abort } of this.#busy.values()) if (running === clientId) abort.abort();
    this.#gone.add(clientId);
    this.#dispatch(outboxActions.removed(clientId));
  }

  async #restore(): Promise<void> {
    const kept = (await this.options.disk.load(this.options.userId)).filter((item) => !this.#gone.has(item.clientId));
    if (this.#end.signal.aborted) return;
    this.#dispatch(outboxActions.added(kept.map((item) => ({ ...item, status: item.status === 'failed' ? 'failed' : 'waiting', nextAt: 0 }))));
  }

  #hear(words: Words): void {
    if (this.#end.signal.aborted) return;
    switch (words.kind) {
      case 'added':
        if (!this.#gone.has(words.item.clientId)) this.#dispatch(outboxActions.added([words.item]));
        break;
      case 'changed':
        this.#change(words.clientId, words.progress);
        break;
      case 'sent':
        this.#merge(words.entry);
        this.#drop(words.clientId);
        break;
      case 'removed':
        this.#drop(words.clientId);
    }
    this.#pump();
  }

  /** Starts whatever may start now: of each place the first that waits. */
  #pump(): void {
    if (!this.#leads) return;
    clearTimeout(this.#timer);
    const now = Date.now();
    const first = new Map<string, Outgoing>();
    for (const item of [...this.#items].sort(byTime)) {
      const place = placeKey(item.place);
      if (item.status !== 'failed' && !first.has(place)) first.set(place, item);
    }
    let next = Infinity;
    for (const [place, item] of first) {
      if (this.#busy.has(place)) continue;
      if (item.nextAt > now) next = Math.min(next, item.nextAt);
      else void this.#send(place, item);
    }
    if (next < Infinity) this.#timer = setTimeout(() => this.#pump(), next - now);
  }

  async #send(place: string, { clientId }: Outgoing): Promise<void> {
    const abort = new AbortController();
    this.#busy.set(place, { clientId, abort });
    try {
      this.#change(clientId, { status: 'sending', problem: null });
      this.options.tabs.say({ kind: 'changed', clientId, progress: { status: 'sending', problem: null } });
      await this.#upload(clientId, abort.signal);
      const item = this.#find(clientId);
      if (!item || abort.signal.aborted) return;
      const entry = await this.#deliver(item);
      if (this.#end.signal.aborted) return; // the device keeps it; the next page learns that it is there already
      this.#merge(entry);
      this.#drop(clientId);
      this.options.tabs.say({ kind: 'sent', clientId, entry });
      await this.options.disk.remove(item);
      this.options.tabs.say({ kind: 'removed', clientId }); // to a tab that has read it from the device meanwhile
    } catch (error) {
      if (!abort.signal.aborted) await this.#failed(clientId, asProblem(error));
    } finally {
      this.#busy.delete(place);
      this.#pump();
    }
  }

  async #failed(clientId: string, problem: Problem): Promise<void> {
    const item = this.#find(clientId);
    if (!item) return;
    if (!passes(problem)) return this.#tell(clientId, { status: 'failed', problem });
    const attempts = item.attempts + 1;
    const ceiling = Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempts - 1));
    const delay = problem.retryAfter !== undefined ? problem.retryAfter * 1000 : ceiling * (0.5 + (this.options.random ?? Math.random)() / 2);
    await this.#tell(clientId, { status: 'waiting', problem, attempts, nextAt: Date.now() + delay });
    for (const behind of this.#waitingAt(item)) if (behind.problem === null) await this.#tell(behind.clientId, { problem });
  }

  /** What waits in the same place; the first holds up the others. */
  #waitingAt(item: Outgoing): Outgoing[] {
    return this.#items.filter((one) => one.status === 'waiting' && placeKey(one.place) === placeKey(item.place));
  }

  /** Uploads the files that are only on this device; each is noted when it is done, so that none is sent twice. */
  async #upload(clientId: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const item = this.#find(clientId);
      const file = item?.pending[0];
      if (!item || !file) return;
      const blob = await this.options.disk.blob(file.key);
      if (!blob) throw { status: 0, code: 'file_gone', detail: 'The file is not on this device any more.', errors: {} } satisfies Problem;
      const stored = await uploadFile(new File([blob], file.name, { type: file.type }), { signal, onProgress: () => undefined });
      if (signal.aborted) throw abortedProblem;
      await this.#tell(clientId, { files: [...item.files, stored], pending: item.pending.slice(1) });
      await this.options.disk.removeBlob(file.key);
    }
  }

  #deliver({ place, body, files, clientId }: Outgoing): Promise<Entry> {
    const entry = { body, file_ids: files.map((file) => file.id), client_id: clientId };
    switch (place.kind) {
      case 'channel':
        return http<Post>({ method: 'POST', path: `/channels/${place.id}/posts`, body: entry });
      case 'post':
        return http<Comment>({ method: 'POST', path: `/posts/${place.id}/comments`, body: entry });
      case 'conversation': {
        const message = { ...entry, ...(place.replyTo && { reply_to: place.replyTo.id }) };
        const { line } = this.options;
        if (line.state === 'open') return line.send<Message>('message.send', { conversation_id: place.id, ...message });
        return http<Message>({ method: 'POST', path: `/conversations/${place.id}/messages`, body: message });
      }
    }
  }

  #merge(entry: Entry): void {
    if ('conversation_id' in entry) this.#dispatch(mergeMessage(entry));
    else if ('post_id' in entry) this.#dispatch(mergeComment(entry));
    else this.#dispatch(mergePost(entry));
  }
}

/** Whether a failure passes by itself: no answer, a server in trouble, or a session that has to be renewed. */
function passes(problem: Problem): boolean {
  return isTransient(problem) || problem.status === 401 || problem.code === 'timeout' || problem.code === 'connection_lost';
}
