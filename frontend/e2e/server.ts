import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const binary = process.env.LECTERN_BINARY ?? resolve(import.meta.dirname, '../../bin/lectern');

/** The real binary on free ports of this machine, with a data directory of its own. */
export class Server {
  private process: ChildProcess | null = null;
  private log = '';

  private constructor(
    readonly url: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly dataDir: string,
  ) {}

  /** `settings` are environment variables beyond those that every story needs. */
  static async start(settings: NodeJS.ProcessEnv = {}): Promise<Server> {
    const dataDir = await mkdtemp(join(tmpdir(), 'lectern-e2e-'));
    const listen = `127.0.0.1:${await freeTCPPort()}`;
    const server = new Server(
      `http://${listen}`,
      {
        PATH: process.env.PATH,
        LECTERN_LISTEN: listen,
        LECTERN_PUBLIC_URL: `http://${listen}`,
        LECTERN_DATA_DIR: dataDir,
        LECTERN_RATE_LIMITS: 'off',
        LECTERN_ICE_UDP_PORT: String(await freeUDPPort()),
        LECTERN_ICE_TCP_PORT: String(await freeTCPPort()),
        LECTERN_TURN_PORT: 'off',
        ...settings,
      },
      dataDir,
    );
    await server.boot();
    return server;
  }

  /** Ends it as an operator does and starts it again with the same data and ports. */
  async restart(): Promise<void> {
    await this.end();
    await this.boot();
  }

  async stop(): Promise<void> {
    await this.end();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** Where it takes media over UDP. */
  get mediaPort(): number {
    return Number(this.env.LECTERN_ICE_UDP_PORT);
  }

  /** Where its relay listens, over UDP and TCP. */
  get relayPort(): number {
    return Number(this.env.LECTERN_TURN_PORT);
  }

  /** What it has logged, for a failed test. */
  get output(): string {
    return this.log;
  }

  private async boot(): Promise<void> {
    // The data directory is also the working directory: a developer's .env does not reach the stories.
    const child = spawn(binary, ['serve'], { cwd: this.dataDir, env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = child;
    const keep = (chunk: Buffer) => (this.log = (this.log + chunk.toString()).slice(-200_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    let gone: string | null = null;
    child.on('error', (error) => (gone = error.message));
    child.on('exit', (code, signal) => (gone ??= `exit ${code ?? signal}`));
    const deadline = Date.now() + 15_000;
    while (Date.now() < deadline && gone === null) {
      const ready = await fetch(`${this.url}/readyz`).then((answer) => answer.ok, () => false);
      if (ready) return;
      await new Promise((wake) => setTimeout(wake, 50));
    }
    throw new Error(`bin/lectern did not get ready (${gone ?? 'timeout'}):\n${this.log}`);
  }

  private async end(): Promise<void> {
    const child = this.process;
    this.process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((done) => child.once('exit', () => done()));
    child.kill('SIGTERM');
    const forced = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await exited;
    clearTimeout(forced);
    if (child.exitCode !== 0) throw new Error(`bin/lectern ended with ${child.exitCode ?? child.signalCode}:\n${this.log}`);
  }
}

/** A port that is free for UDP and, as far as one can know, for TCP. */
export function freePort(): Promise<number> {
  return freeTCPPort();
}

function freeTCPPort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? done(address.port) : fail(new Error('no port'))));
    });
  });
}

function freeUDPPort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createSocket('udp4');
    probe.once('error', fail);
    probe.bind(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
