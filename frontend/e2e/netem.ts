import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Page } from '@playwright/test';

const binary = process.env.LECTERN_NETEM ?? resolve(import.meta.dirname, '../../bin/netem');

/** What one direction does to packets: milliseconds, bits per second, shares from 0 to 1. Nothing said: perfect. */
export interface Conditions {
  delay?: number;
  jitter?: number;
  loss?: number;
  rate?: number;
}

/** A line between one person's browser and the server's media port, as bad as it is told to be (sfu/sfutest/netem). */
export class Line {
  private constructor(
    private readonly process: ChildProcess,
    private readonly answers: Interface,
    /** Where it takes packets for the server: host and port. */
    readonly address: string,
  ) {}

  static async open(mediaPort: number): Promise<Line> {
    const process = spawn(binary, ['-server', `127.0.0.1:${mediaPort}`], { stdio: ['pipe', 'pipe', 'inherit'] });
    const answers = createInterface({ input: process.stdout });
    const address = await new Promise<string>((done, fail) => {
      answers.once('line', done);
      process.once('error', fail);
      process.once('exit', (code) => fail(new Error(`netem ended with ${code}`)));
    });
    return new Line(process, answers, address);
  }

  /** Changes the conditions towards the server and back from it. */
  async set(conditions: { up?: Conditions; down?: Conditions }): Promise<void> {
    const answered = new Promise<string>((done) => this.answers.once('line', done));
    this.process.stdin?.write(`${JSON.stringify(conditions)}\n`);
    const answer = JSON.parse(await answered) as { error?: string };
    if (answer.error) throw new Error(answer.error);
  }

  /** The line is gone for good. */
  async cut(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const gone = new Promise((done) => this.process.once('exit', done));
    this.process.stdin?.end();
    await gone;
  }

  /** The server's candidates in a frame of the socket, led through the line; those over TCP would lead past it. */
  lead(frame: string): string {
    const [host, port] = this.address.split(':');
    const candidate = /(candidate:\S+ \d+) (udp|tcp) (\d+) \S+ \d+/gi;
    return frame.replace(candidate, (_, head: string, protocol: string, priority: string) =>
      // An address that refuses, in place of a way past the line.
      protocol.toLowerCase() === 'udp' ? `${head} udp ${priority} ${host} ${port}` : `${head} tcp ${priority} ${host} 9`,
    );
  }
}

/**
 * Puts a page behind a line: of the server it knows only the line's end, and the server knows of the page only what comes
 * through it. `line` may change on the way; a new one is used by the next connection or ICE restart. Before the page opens.
 */
export async function behind(page: Page, line: () => Line): Promise<void> {
  await page.routeWebSocket('**/ws', (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const frame = String(message);
      if (!frame.startsWith('{"type":"meeting.candidate"')) server.send(frame.replace(/a=candidate:.*?\\r\\n/g, ''));
      else socket.send(JSON.stringify({ type: 'ack', id: (JSON.parse(frame) as { id: string }).id, data: {} }));
    });
    server.onMessage((message) => socket.send(line().lead(withoutRelay(String(message)))));
  });
}

/** The relay would be a way past the line. */
function withoutRelay(frame: string): string {
  if (!frame.includes('"ice_servers"')) return frame;
  return JSON.stringify(JSON.parse(frame, (key, value: unknown) => (key === 'ice_servers' ? [] : value)));
}
