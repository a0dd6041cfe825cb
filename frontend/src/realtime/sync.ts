import { http } from '@/api/http';
import type { Changes, Heads } from '@/api/wire.gen';
import type { Arrival, Hear, Source } from './apply/cache';
import { type EventName, isEventName } from './events';
import type { ServerEvent } from './socket';

/** How many pages of changes are worth asking for one by one; what lies farther back is loaded afresh. */
const MAX_PAGES = 3;
const PAGE = 100;

/** How often it is asked whether an event was lost without anything after it having told so, in milliseconds. */
const CHECK_EVERY_MS = 30_000;

/** Delays before a failed question is asked again, in milliseconds. */
const RETRY_MS = [500, 2_000, 8_000];

/** Asks the server; tests give their own. Rejects when it cannot be asked. */
export interface ChangeLog {
  heads(): Promise<Heads>;
  changes(scope: string, after: number, limit: number): Promise<Changes>;
}

const rest: ChangeLog = {
  heads: () => http<Heads>({ path: '/changes/heads' }),
  changes: (scope, after, limit) => http<Changes>({ path: '/changes', query: { scope, after, limit } }),
};

interface Listener {
  /** How far what is at hand of a scope goes, where it says so; asked once, when the scope is first heard of. */
  position(scope: string): number | undefined;
  /** A scope is told from its head on, and nothing at hand says whether that was read before or after the head. */
  begun(scope: string): void;
  /** Changes of a scope were asked for and have been told: what the server counts is worth asking for again. */
  recovered(scope: string): void;
  /** What happened in a scope is too much or too long ago to be told: its things have to be loaded again. */
  reset(scope: string): void;
}

interface Scope {
  /** Everything up to here has been told. */
  seq: number;
  /** The newest that is known to exist. */
  head: number;
  asking: boolean;
}

/**
 * Tells each durable event once and in the order of its scope, whatever the socket loses, repeats or delays. The socket is the
 * fast path: a number that comes too early, or a head that is ahead, is made good from the change log. What has no number is
 * passed on as it comes.
 */
export class Sync implements Source {
  readonly #scopes = new Map<string, Scope>();
  readonly #hearers = new Map<EventName, Set<(data: never, arrival: Arrival) => void>>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #checking: Promise<void> | null = null;
  #open = true;

  constructor(
    private readonly listener: Listener,
    private readonly log: ChangeLog = rest,
  ) {}

  on<K extends EventName>(type: K, hear: Hear<K>): () => void {
    const hearers = this.#hearers.get(type) ?? new Set();
    this.#hearers.set(type, hearers);
    hearers.add(hear as (data: never, arrival: Arrival) => void);
    return () => hearers.delete(hear as (data: never, arrival: Arrival) => void);
  }

  /** How far each scope has been told, to be taken up by a later page with what it keeps. */
  get positions(): Record<string, number> {
    return Object.fromEntries([...this.#scopes].map(([scope, { seq }]) => [scope, seq]));
  }

  /** Takes up from where the things at hand are. */
  start(positions: Record<string, number>): void {
    for (const [scope, seq] of Object.entries(positions)) this.#scope(scope, seq);
  }

  receive(event: ServerEvent): void {
    if (event.scope === null || event.seq === null) return this.#tell(event.type, event.data, { at: event.at, seq: null, recovered: false });
    const scope = this.#scope(event.scope, this.listener.position(event.scope) ?? event.seq - 1);
    if (event.seq <= scope.seq) return;
    scope.head = Math.max(scope.head, event.seq);
    if (event.seq > scope.seq + 1 || scope.asking) return void this.#recover(event.scope, scope);
    scope.seq = event.seq;
    this.#tell(event.type, event.data, { at: event.at, seq: event.seq, recovered: false });
  }

  /** Asks for the heads and for what is missing; call it when the connection is back or somebody has come back. */
  check(): Promise<void> {
    this.#checking ??= this.#check().finally(() => (this.#checking = null));
    return this.#checking;
  }

  /** Checks now and then for as long as the connection lives. Answers the end of it. */
  watch(everyMs = CHECK_EVERY_MS): () => void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => void this.check(), everyMs);
    return () => clearInterval(this.#timer);
  }

  close(): void {
    this.#open = false;
    clearInterval(this.#timer);
    this.#hearers.clear();
  }

  async #check(): Promise<void> {
    const before = new Set(this.#scopes.keys());
    const answer = await this.log.heads().catch(() => null); // the next check, or the next event, finds out
    if (!answer || !this.#open) return;
    const behind: Promise<void>[] = [];
    for (const [name, head] of Object.entries(answer.heads)) {
      const position = this.listener.position(name);
      const scope = this.#scope(name, position ?? head);
      if (position === undefined && !before.has(name)) this.listener.begun(name);
      if (head < scope.seq && before.has(name)) {
        // The server's database was put back to an earlier state.
        Object.assign(scope, { seq: head, head });
        this.listener.reset(name);
        continue;
      }
      scope.head = Math.max(scope.head, head);
      if (scope.seq < scope.head) behind.push(this.#recover(name, scope));
    }
    for (const name of before) if (!(name in answer.heads)) this.#scopes.delete(name);
    await Promise.all(behind);
  }

  #scope(name: string, seq: number): Scope {
    let scope = this.#scopes.get(name);
    if (!scope) {
      scope = { seq, head: seq, asking: false };
      this.#scopes.set(name, scope);
    }
    return scope;
  }

  /** Asks for changes until the head is reached. One question of a scope at a time; events that come meanwhile are in its answer. */
  async #recover(name: string, scope: Scope): Promise<void> {
    if (scope.asking) return;
    scope.asking = true;
    let told = false;
    try {
      for (let pages = 0, failures = 0; this.#open && scope.seq < scope.head && this.#scopes.get(name) === scope; ) {
        const after = scope.seq;
        const answer = await this.log.changes(name, after, PAGE).catch(() => null);
        if (!this.#open) return;
        if (!answer) {
          const delay = RETRY_MS[failures++];
          if (delay === undefined) return; // the next check or event tries again
          await new Promise((wake) => setTimeout(wake, delay));
          continue;
        }
        pages += 1;
        if (answer.reset || (answer.more && pages >= MAX_PAGES)) {
          scope.seq = answer.reset ? answer.seq : scope.head;
          this.listener.reset(name);
          continue;
        }
        for (const { type, data, at, seq } of answer.items) {
          if (isEventName(type)) this.#tell(type, data, { at, seq, recovered: true });
        }
        told ||= answer.items.length > 0;
        scope.seq = Math.max(answer.seq, after);
        if (scope.seq === after && !answer.more) scope.head = after; // a head that the log does not reach cannot be asked for
      }
    } finally {
      scope.asking = false;
      if (told && this.#open) this.listener.recovered(name);
    }
  }

  #tell(type: EventName, data: unknown, arrival: Arrival): void {
    for (const hear of this.#hearers.get(type) ?? []) {
      try {
        hear(data as never, arrival);
      } catch (error) {
        // One broken hearer must not keep the others from hearing.
        console.error(`handler of ${type} failed`, error);
      }
    }
  }
}
