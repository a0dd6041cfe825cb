import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { seeded } from './random';

/** How a line treats the messages of a WebSocket, each way. */
export interface Line {
  /** Milliseconds that each message takes; drawn anew for each. */
  delay: (random: () => number) => number;
}

export const clear: Line = { delay: () => 0 };

/** 20 ms and up to 200 more, and for one message in twenty another 200 to 500. */
export const impaired: Line = {
  delay: (random) => 20 + random() * 200 + (random() < 0.05 ? 200 + random() * 300 : 0),
};

/**
 * Stands between browsers and the server. HTTP passes as it is; each message of a WebSocket is held back as the line says,
 * and never overtakes the one before it (head-of-line blocking), as over TCP. Seeded: connection n draws the same delays in every run.
 */
export class SocketProxy {
  private connections = 0;
  private readonly sockets = new Set<Socket>();
  private frozen = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(target: string, line: Line, seed: number): Promise<SocketProxy> {
    const { hostname, port } = new URL(target);
    const server = createServer();
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const proxy = new SocketProxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('connection', (client) => proxy.join(client, connect(Number(port), hostname), line, seed + proxy.connections++ * 7919));
    return proxy;
  }

  /** Nothing passes any more, but nobody is told: a cable was pulled. */
  freeze(): void {
    this.frozen = true;
  }

  /** The line breaks: what is connected is cut, and new connections come to nothing until thaw. */
  cut(): void {
    this.frozen = true;
    for (const socket of this.sockets) socket.destroy();
  }

  /** What was held back by freeze is lost; connections that lived through it are cut, new ones work. */
  thaw(): void {
    this.frozen = false;
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((closed) => this.server.close(() => closed()));
  }

  private join(client: Socket, server: Socket, line: Line, seed: number): void {
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    this.carry(client, server, line, seeded(seed));
    this.carry(server, client, line, seeded(seed + 1));
  }

  /** Carries one direction. What comes after the blank line of an upgrade are frames, delayed one by one. */
  private carry(from: Socket, to: Socket, line: Line, random: () => number): void {
    let upgraded: boolean | null = null;
    let rest: Buffer = Buffer.alloc(0);
    let free = 0; // when the message before is through
    const later = (message: Buffer) => {
      free = Math.max(free, performance.now() + line.delay(random));
      setTimeout(() => {
        if (!this.frozen) to.write(message);
      }, free - performance.now());
    };
    from.on('data', (chunk: Buffer) => {
      if (this.frozen) return;
      if (upgraded === null || !upgraded) {
        const end = chunk.indexOf('\r\n\r\n');
        upgraded = end >= 0 && /^(GET \S+ HTTP\/1\.1|HTTP\/1\.1 101)[^]*upgrade: websocket/i.test(chunk.subarray(0, end).toString('latin1'));
        if (!upgraded) return void to.write(chunk);
        to.write(chunk.subarray(0, end + 4));
        chunk = chunk.subarray(end + 4);
      }
      rest = Buffer.concat([rest, chunk]);
      for (let size = frameSize(rest); size !== null && rest.length >= size; size = frameSize(rest)) {
        later(rest.subarray(0, size));
        rest = rest.subarray(size);
      }
    });
  }
}

/** The length of the WebSocket frame (RFC 6455, 5.2) at the beginning, with its header; null while that is not there yet. */
function frameSize(data: Buffer): number | null {
  if (data.length < 2) return null;
  const short = (data[1] ?? 0) & 0x7f;
  const mask = (data[1] ?? 0) & 0x80 ? 4 : 0;
  if (short < 126) return 2 + mask + short;
  if (short === 126) return data.length < 4 ? null : 4 + mask + data.readUInt16BE(2);
  return data.length < 10 ? null : 10 + mask + Number(data.readBigUInt64BE(2));
}
