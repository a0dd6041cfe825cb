import type { Page } from '@playwright/test';
import type { Person } from '../people';

/** Participants without a player, for what needs more people than two cores can show films to. All live in one page. */
export class Bots {
  private constructor(private readonly page: Page) {}

  /** They join through `url` as the people they are; a ready one says so for every timeline, the others never. */
  static async join(people: Person[], meetingId: string, url: string, ready: (index: number) => boolean): Promise<Bots> {
    const [first] = people;
    if (!first) throw new Error('no bots');
    const page = await first.open(`${url}/login`);
    const bots = people.map(({ token }, i) => ({ token, ready: ready(i) }));
    await page.evaluate(enter, { bots, meetingId });
    return new Bots(page);
  }

  /** Sends a command as the n-th of them. */
  async command(n: number, type: string, data: object): Promise<unknown> {
    return await this.page.evaluate(([n, type, data]) => window.bots.command(n, type, data), [n, type, data] as const);
  }

  /** Events of a type that the n-th has heard, with the true time of their arrival. */
  async heard(n: number, type: string): Promise<{ at: number; data: unknown }[]> {
    return await this.page.evaluate(([n, type]) => window.bots.heard.filter((event) => event.n === n && event.type === type), [n, type] as const);
  }
}

declare global {
  interface Window {
    bots: {
      command: (n: number, type: string, data: object) => Promise<unknown>;
      heard: { n: number; type: string; at: number; data: unknown }[];
    };
  }
}

/** Runs in the page. */
async function enter({ bots, meetingId }: { bots: { token: string; ready: boolean }[]; meetingId: string }): Promise<void> {
  const heard: Window['bots']['heard'] = [];
  const commands = await Promise.all(
    bots.map(async ({ token, ready }, n) => {
      const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws`);
      const pending = new Map<string, { done: (data: unknown) => void; fail: (reason: Error) => void }>();
      let count = 0;
      const command = (type: string, data: object) =>
        new Promise<unknown>((done, fail) => {
          const id = String(++count);
          pending.set(id, { done, fail });
          socket.send(JSON.stringify({ type, id, data }));
        });
      const follow = (timeline: { v: number; item: object | null } | null) => {
        if (!timeline?.item) return;
        const state = ready ? 'in_step' : 'buffering';
        void command('playback.status', { meeting_id: meetingId, v: timeline.v, err_ms: 0, state, buffer_s: ready ? 30 : 0, rtt_ms: 20, ready });
      };
      socket.onmessage = ({ data: text }) => {
        const frame = JSON.parse(String(text)) as { type: string; id?: string; data?: unknown; error?: { message: string } };
        const waiting = frame.id === undefined ? undefined : pending.get(frame.id);
        if (frame.type === 'ack') waiting?.done(frame.data);
        else if (frame.type === 'error') waiting?.fail(new Error(frame.error?.message));
        else heard.push({ n, type: frame.type, at: window.harness.now(), data: frame.data });
        if (frame.type === 'playback.timeline') follow(frame.data as Parameters<typeof follow>[0]);
      };
      await new Promise((open, fail) => {
        socket.onopen = open;
        socket.onerror = () => fail(new Error('the socket failed'));
      });
      await command('auth', { access_token: token });
      const joined = (await command('meeting.join', { meeting_id: meetingId, muted: true, video_on: false })) as { playback: Parameters<typeof follow>[0] };
      follow(joined.playback);
      return command;
    }),
  );
  window.bots = { heard, command: async (n, type, data) => await commands[n]?.(type, data) };
}
