import type { CallState } from '@/api/wire.gen';

/** What the two sides of a call say to each other directly. */
export type PeerMessage =
  | { type: 'state'; state: CallState }
  /** The sender hangs up; the server may not be there to say so. */
  | { type: 'bye' }
  | { type: 'commit'; hash: string }
  | { type: 'reveal'; nonce: string }
  | { type: 'file'; id: string; name: string; size: number; mime: string }
  | { type: 'file_accept' | 'file_cancel' | 'file_received' | 'file_damaged'; id: string }
  | { type: 'file_end'; id: string; sha256: string };

export type PeerMessageType = PeerMessage['type'];

/** Of one message, in characters. */
const MAX_LENGTH = 16_384;
const MAX_NAME = 255;

const fields: Record<PeerMessageType, Record<string, 'string' | 'number' | 'object'>> = {
  state: { state: 'object' },
  bye: {},
  commit: { hash: 'string' },
  reveal: { nonce: 'string' },
  file: { id: 'string', name: 'string', size: 'number', mime: 'string' },
  file_accept: { id: 'string' },
  file_cancel: { id: 'string' },
  file_received: { id: 'string' },
  file_damaged: { id: 'string' },
  file_end: { id: 'string', sha256: 'string' },
};

/** Reads a message of the other side; null when it is none that this version knows. */
export function parsePeerMessage(text: unknown): PeerMessage | null {
  if (typeof text !== 'string' || text.length > MAX_LENGTH) return null;
  let value: Record<string, unknown> | null;
  try {
    value = JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return null;
  }
  const type = value?.type;
  if (!value || typeof type !== 'string' || !Object.hasOwn(fields, type)) return null;
  const wanted = fields[type as PeerMessageType];
  if (Object.entries(wanted).some(([name, kind]) => typeof value[name] !== kind || value[name] === null)) return null;
  if (type === 'file' && (!Number.isSafeInteger(value.size) || Number(value.size) < 0 || String(value.name).length > MAX_NAME)) return null;
  return value as PeerMessage;
}

/** The control channel of a call as messages; what is said before it opens is said then. */
export class CallChannel {
  private waiting: PeerMessage[] = [];

  constructor(
    private readonly channel: RTCDataChannel,
    listener: { open(): void; message(message: PeerMessage): void },
  ) {
    channel.onopen = () => {
      listener.open();
      for (const message of this.waiting.splice(0)) this.send(message);
    };
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = parsePeerMessage(data);
      if (message) listener.message(message);
    };
  }

  get isOpen(): boolean {
    return this.channel.readyState === 'open';
  }

  send(message: PeerMessage): void {
    if (this.isOpen) this.channel.send(JSON.stringify(message));
    else if (this.channel.readyState === 'connecting') this.waiting.push(message);
  }
}
