import type { EventMap, EventName } from '@/realtime/events';
import { SocketError, type SocketState } from '@/realtime/socket';

interface Sent {
  type: string;
  data: unknown;
}

type Answerer = (data: unknown) => unknown;

/** The app's socket for tests of sessions: answers by command type, events by hand. */
export class FakeSocket {
  state: SocketState = 'open';
  sessionCount = 1;
  readonly sent: Sent[] = [];
  private readonly answers = new Map<string, Answerer>();
  private readonly handlers = new Map<string, Set<(data: never, at: string) => void>>();
  private readonly watchers = new Set<(state: SocketState) => void>();

  /** What a command is answered with; one that throws refuses. Others are answered with {}. */
  answer(type: string, answerer: Answerer): void {
    this.answers.set(type, answerer);
  }

  readonly on = <K extends EventName>(type: K, handler: (data: EventMap[K], at: string) => void): (() => void) => {
    const handlers = this.handlers.get(type) ?? new Set();
    this.handlers.set(type, handlers);
    handlers.add(handler as (data: never, at: string) => void);
    return () => handlers.delete(handler as (data: never, at: string) => void);
  };

  readonly onState = (watcher: (state: SocketState) => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly whenOpen = (): Promise<void> =>
    this.state === 'open' ? Promise.resolve() : new Promise((opened) => this.onState((state) => (state === 'open' ? opened() : undefined)));

  readonly send = async <T>(type: string, data: unknown): Promise<T> => {
    if (this.state !== 'open') throw new SocketError('connection_lost', 'There is no connection.');
    this.sent.push({ type, data });
    return ((await this.answers.get(type)?.(data)) ?? {}) as T;
  };

  readonly request = async <T>(type: string, data: unknown): Promise<{ data: T; receivedAt: number }> => ({
    data: await this.send<T>(type, data),
    receivedAt: performance.now(),
  });

  emit<K extends EventName>(type: K, data: EventMap[K]): void {
    for (const handler of [...(this.handlers.get(type) ?? [])]) (handler as (data: EventMap[K], at: string) => void)(data, '');
  }

  becomes(state: SocketState): void {
    this.state = state;
    if (state === 'open') this.sessionCount += 1;
    for (const watcher of [...this.watchers]) watcher(state);
  }

  types(): string[] {
    return this.sent.map(({ type }) => type);
  }

  last<T>(type: string): T | undefined {
    return this.sent.findLast((frame) => frame.type === type)?.data as T | undefined;
  }

  get listeners(): number {
    return [...this.handlers.values()].reduce((sum, handlers) => sum + handlers.size, this.watchers.size);
  }
}
