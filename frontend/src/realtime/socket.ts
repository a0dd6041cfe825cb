import type { AuthAck } from '@/api/wire.gen';
import { type EventHandler, type EventMap, type EventName, isEventName } from './events';
import { isAuthAck, parseFrame } from './frames';

export type SocketState = 'connecting' | 'open' | 'reconnecting' | 'closed';

/** A command that did not succeed. `code` is the server's word, or `connection_lost`, `timeout` or `aborted`. */
export class SocketError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: Record<string, string>;
  /** What is there now instead of what the command started from, where the server says so. */
  readonly current: unknown;

  constructor(code: string, message: string, status = 0, fields: Record<string, string> = {}, current?: unknown) {
    super(message);
    this.name = 'SocketError';
    this.code = code;
    this.status = status;
    this.fields = fields;
    this.current = current;
  }
}

/** Answers the access token; `refresh` asks for a new one because the server refused the last. Null: signed out. */
export type TokenSource = (refresh: boolean) => Promise<string | null>;

export interface RequestOptions {
  /** Milliseconds until the answer counts as lost; 10,000 by default. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** `receivedAt` is performance.now() at the moment the answer's frame arrived. */
export interface Answer<T> {
  data: T;
  receivedAt: number;
}

/** An event as it came. A durable one has a scope and its number there. */
export interface ServerEvent {
  type: EventName;
  data: EventMap[EventName];
  at: string;
  scope: string | null;
  seq: number | null;
}

export interface SocketOptions {
  url?: string;
  /** Uniform in [0, 1); tests fix it. */
  random?: () => number;
}

interface Pending {
  resolve: (answer: Answer<unknown>) => void;
  reject: (error: SocketError) => void;
}

const MIN_DELAY_MS = 300;
const MAX_DELAY_MS = 10_000;
const TIMEOUT_MS = 10_000;
const WAKE_PROBE_MS = 3_000;
const CLOSE_UNAUTHENTICATED = 4401;

function defaultUrl(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;
}

/**
 * The one connection to the server. It authenticates in its first frame, reconnects by itself with full jitter until
 * close(), and never resends a command: a caller learns `connection_lost` and decides.
 */
export class Socket {
  /** Successful authentications so far; a change means that events may have been missed. */
  sessionCount = 0;
  /** What the server said at the last authentication. */
  session: AuthAck | null = null;
  /** Frames that were no envelope, and events of types this version does not know. */
  readonly ignored = { malformed: 0, unknown: 0 };

  #state: SocketState = 'closed';
  #getToken: TokenSource | null = null;
  #ws: WebSocket | null = null;
  #attempt = 0;
  #nextId = 0;
  #lastFrameAt = 0;
  #restartWithinMs: number | null = null;
  #refreshToken = false;
  #generation = 0;
  #pending = new Map<string, Pending>();
  #handlers = new Map<EventName, Set<(data: never, at: string) => void>>();
  #listeners = new Set<(event: ServerEvent) => void>();
  #stateHandlers = new Set<(state: SocketState) => void>();
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  readonly #url: string | undefined;
  readonly #random: () => number;

  constructor(options: SocketOptions = {}) {
    this.#url = options.url;
    this.#random = options.random ?? Math.random;
  }

  get state(): SocketState {
    return this.#state;
  }

  connect(getToken: TokenSource): void {
    this.#getToken = getToken;
    if (this.#state !== 'closed') return;
    this.#attempt = 0;
    window.addEventListener('online', this.#wake);
    document.addEventListener('visibilitychange', this.#wake);
    this.#setState('connecting');
    void this.#open();
  }

  close(): void {
    if (this.#state === 'closed') return;
    window.removeEventListener('online', this.#wake);
    document.removeEventListener('visibilitychange', this.#wake);
    this.#drop('The connection was closed.');
    this.#setState('closed');
  }

  onState(handler: (state: SocketState) => void): () => void {
    this.#stateHandlers.add(handler);
    return () => this.#stateHandlers.delete(handler);
  }

  on<K extends EventName>(type: K, handler: EventHandler<K>): () => void {
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers);
    handlers.add(handler);
    return () => handlers.delete(handler);
  }

  /** Hears every event as it comes, with its number where it has one. */
  onEvent(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sends a command and answers its ack's data with the time of arrival. */
  request<T>(type: string, data: unknown, options: RequestOptions = {}): Promise<Answer<T>> {
    if (this.#state !== 'open') return Promise.reject(lost());
    return this.#request<T>(type, data, options);
  }

  /** Sends a command and answers its ack's data. */
  async send<T>(type: string, data: unknown, options: RequestOptions = {}): Promise<T> {
    return (await this.request<T>(type, data, options)).data;
  }

  /** Resolves once authenticated; rejects when the socket is closed for good first. */
  whenOpen(): Promise<void> {
    if (this.#state === 'open') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const off = this.onState((state) => {
        if (state !== 'open' && state !== 'closed') return;
        off();
        if (state === 'open') resolve();
        else reject(lost());
      });
    });
  }

  #request<T>(type: string, data: unknown, { timeoutMs = TIMEOUT_MS, signal }: RequestOptions): Promise<Answer<T>> {
    const ws = this.#ws;
    if (!ws || ws.readyState !== WebSocket.OPEN) return Promise.reject(lost());
    const id = `c${++this.#nextId}`;
    return new Promise<Answer<T>>((resolve, reject) => {
      const fail = (error: SocketError) => {
        finish();
        reject(error);
      };
      const onAbort = () => fail(new SocketError('aborted', 'The request was given up.'));
      const timer = setTimeout(() => fail(new SocketError('timeout', 'The server did not answer in time.')), timeoutMs);
      const finish = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#pending.delete(id);
      };
      if (signal?.aborted) return onAbort();
      signal?.addEventListener('abort', onAbort);
      this.#pending.set(id, {
        resolve: (answer) => {
          finish();
          resolve(answer as Answer<T>);
        },
        reject: fail,
      });
      ws.send(JSON.stringify({ type, id, data }));
    });
  }

  async #open(): Promise<void> {
    const generation = ++this.#generation;
    let token: string | null;
    try {
      token = (await this.#getToken?.(this.#refreshToken)) ?? null;
    } catch {
      if (generation === this.#generation) this.#retry();
      return;
    }
    if (generation !== this.#generation) return;
    if (token === null) {
      this.close();
      return;
    }
    const ws = new WebSocket(this.#url ?? defaultUrl());
    this.#ws = ws;
    const deadline = setTimeout(() => this.#lose(ws), TIMEOUT_MS);
    ws.onopen = () => {
      this.#request<unknown>('auth', { access_token: token }, {}).then(
        ({ data }) => {
          clearTimeout(deadline);
          if (ws !== this.#ws) return;
          if (isAuthAck(data)) this.#authenticated(data);
          else this.#lose(ws);
        },
        (error: SocketError) => {
          clearTimeout(deadline);
          if (error.status === 401) this.#refreshToken = true;
          this.#lose(ws);
        },
      );
    };
    ws.onmessage = (message: MessageEvent<unknown>) => {
      if (ws === this.#ws) this.#receive(message.data);
    };
    ws.onclose = (event) => {
      clearTimeout(deadline);
      if (event.code === CLOSE_UNAUTHENTICATED) this.#refreshToken = true;
      this.#lose(ws);
    };
  }

  #authenticated(ack: AuthAck): void {
    this.session = ack;
    this.sessionCount += 1;
    this.#attempt = 0;
    this.#refreshToken = false;
    // Browsers hide ping frames from scripts, so a silent line is asked whether it still lives.
    const everyMs = Math.max(5, ack.heartbeat_s) * 1000;
    this.#heartbeat = setInterval(() => {
      if (performance.now() - this.#lastFrameAt >= everyMs) this.#probe(TIMEOUT_MS);
    }, everyMs);
    this.#setState('open');
  }

  #receive(text: unknown): void {
    const receivedAt = performance.now();
    this.#lastFrameAt = receivedAt;
    const frame = parseFrame(text);
    if (!frame) {
      this.ignored.malformed += 1;
    } else if (frame.kind === 'ack') {
      this.#pending.get(frame.id)?.resolve({ data: frame.data, receivedAt });
    } else if (frame.kind === 'error') {
      const { code, message, status, errors, current } = frame.error;
      if (frame.id) this.#pending.get(frame.id)?.reject(new SocketError(code, message, status, errors, current));
    } else if (!isEventName(frame.type)) {
      this.ignored.unknown += 1;
    } else {
      if (frame.type === 'server.restarting') {
        this.#restartWithinMs = (frame.data as EventMap['server.restarting']).retry_ms;
      }
      this.#emit({ ...frame, type: frame.type, data: frame.data as EventMap[EventName] });
    }
  }

  #emit(event: ServerEvent): void {
    const { type, data, at } = event;
    for (const listener of this.#listeners) guarded(type, () => listener(event));
    for (const handler of this.#handlers.get(type) ?? []) guarded(type, () => handler(data as never, at));
  }

  #probe(timeoutMs: number): void {
    const ws = this.#ws;
    this.#request('clock.ping', { t0: performance.now() }, { timeoutMs }).catch((error: SocketError) => {
      if (error.code === 'timeout' && ws) this.#lose(ws);
    });
  }

  readonly #wake = (): void => {
    if (document.visibilityState === 'hidden') return;
    if (this.#state === 'open') {
      this.#probe(WAKE_PROBE_MS);
    } else if (this.#retryTimer !== undefined) {
      clearTimeout(this.#retryTimer);
      this.#retryTimer = undefined;
      void this.#open();
    }
  };

  /** The given connection is gone: forget it and come back later. Late calls for an older one do nothing. */
  #lose(ws: WebSocket): void {
    if (ws !== this.#ws) return;
    this.#drop('The connection was lost.');
    this.#retry();
  }

  #retry(): void {
    if (this.#state === 'closed') return;
    const ceiling = Math.min(MAX_DELAY_MS, MIN_DELAY_MS * 2 ** (this.#attempt + 1));
    let delay = MIN_DELAY_MS + this.#random() * (ceiling - MIN_DELAY_MS);
    if (this.#restartWithinMs !== null) delay = this.#random() * this.#restartWithinMs;
    this.#restartWithinMs = null;
    this.#attempt += 1;
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined;
      void this.#open();
    }, delay);
    this.#setState('reconnecting');
  }

  #drop(reason: string): void {
    this.#generation += 1;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    clearInterval(this.#heartbeat);
    const ws = this.#ws;
    this.#ws = null;
    if (ws) {
      ws.onopen = ws.onmessage = ws.onclose = null;
      ws.close();
    }
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(new SocketError('connection_lost', reason));
  }

  #setState(state: SocketState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const handler of [...this.#stateHandlers]) handler(state);
  }
}

/** One broken listener must not keep the others from hearing. */
function guarded(type: string, hear: () => void): void {
  try {
    hear();
  } catch (error) {
    console.error(`handler of ${type} failed`, error);
  }
}

function lost(): SocketError {
  return new SocketError('connection_lost', 'There is no connection to the server.');
}
