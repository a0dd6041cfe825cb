import { newId } from '@/api/ids';
import type { PeerMessage } from './callChannel';
import { sha256 } from './callCode';
import { Store } from './store';

/** offered: waits for a yes. moving. checking: all is there, the hashes are compared. damaged: they differ. */
export type TransferState = 'offered' | 'moving' | 'checking' | 'done' | 'cancelled' | 'damaged';

export interface Transfer {
  id: string;
  outgoing: boolean;
  name: string;
  size: number;
  state: TransferState;
  /** Bytes that are through. */
  moved: number;
  /** What arrived, once it is whole. */
  file: Blob | null;
}

/** Files are kept in memory until they are whole. */
export const MAX_FILE_SIZE = 200_000_000;
const CHUNK = 60 * 1024;
/** Of a file, in bytes: a UUID as text. */
const ID_LENGTH = 36;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Unsent bytes at which the sender waits, and at which it goes on. */
const HIGH_WATER = 4 * 1024 * 1024;
const LOW_WATER = 1024 * 1024;
/** Offers of the other side that may wait or move at once. */
const MAX_INCOMING = 5;

const live: TransferState[] = ['offered', 'moving', 'checking'];
export const isLive = ({ state }: Transfer): boolean => live.includes(state);

interface Incoming {
  chunks: ArrayBuffer[];
  sha256: string | null;
}

/** Files that go from one side of a call to the other without the server. One moves at a time in each direction. */
export class CallFiles {
  private readonly store = new Store<{ transfers: Transfer[] }>({ transfers: [] });
  private readonly sources = new Map<string, File>();
  private readonly incoming = new Map<string, Incoming>();
  /** Own files that were accepted, in order; the first moves. */
  private queue: string[] = [];
  private pumping = false;
  private bulk: RTCDataChannel | null = null;

  constructor(private readonly send: (message: PeerMessage) => void) {}

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  /** Uses this channel from now on; what was on the way over another one is lost. */
  connect(bulk: RTCDataChannel): void {
    this.abandon();
    this.bulk = bulk;
    bulk.bufferedAmountLowThreshold = LOW_WATER;
    bulk.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) this.receive(data);
    };
  }

  /** Offers a file to the other side. Answers false when it is too large. */
  offer(file: File): boolean {
    if (file.size > MAX_FILE_SIZE) return false;
    const id = newId();
    this.sources.set(id, file);
    this.add({ id, outgoing: true, name: file.name, size: file.size, state: 'offered', moved: 0, file: null });
    this.send({ type: 'file', id, name: file.name.slice(0, 255), size: file.size, mime: file.type });
    return true;
  }

  accept(id: string): void {
    const transfer = this.find(id);
    if (transfer?.state !== 'offered' || transfer.outgoing) return;
    this.incoming.set(id, { chunks: [], sha256: null });
    this.change(id, { state: 'moving' });
    this.send({ type: 'file_accept', id });
  }

  /** Takes an offer back, declines one, or stops one that moves. */
  cancel(id: string): void {
    const transfer = this.find(id);
    if (!transfer || !isLive(transfer)) return;
    this.drop(id, 'cancelled');
    this.send({ type: 'file_cancel', id });
  }

  take(message: PeerMessage): void {
    switch (message.type) {
      case 'file':
        return this.onOffer(message);
      case 'file_accept':
        if (this.find(message.id)?.state !== 'offered' || !this.sources.has(message.id)) return;
        this.change(message.id, { state: 'moving' });
        this.queue.push(message.id);
        void this.pump();
        return;
      case 'file_cancel':
        if (isLiveHere(this.find(message.id))) this.drop(message.id, 'cancelled');
        return;
      case 'file_end':
        return this.onEnd(message.id, message.sha256);
      case 'file_received':
      case 'file_damaged':
        if (this.find(message.id)?.state === 'checking' && this.find(message.id)?.outgoing)
          this.drop(message.id, message.type === 'file_received' ? 'done' : 'damaged');
        return;
    }
  }

  /** The call is over, or its connection was replaced: what has not arrived will not. */
  abandon(): void {
    for (const transfer of this.snapshot().transfers) if (isLive(transfer)) this.drop(transfer.id, 'cancelled');
    this.bulk = null;
  }

  private onOffer({ id, name, size }: Extract<PeerMessage, { type: 'file' }>): void {
    const waiting = this.snapshot().transfers.filter((transfer) => !transfer.outgoing && isLive(transfer));
    if (this.find(id)) return;
    if (size > MAX_FILE_SIZE || waiting.length >= MAX_INCOMING) this.send({ type: 'file_cancel', id });
    else this.add({ id, outgoing: false, name, size, state: 'offered', moved: 0, file: null });
  }

  /** A piece begins with the id of its file; what is left of one that was cancelled belongs to nobody. */
  private receive(piece: ArrayBuffer): void {
    const id = decoder.decode(piece.slice(0, ID_LENGTH));
    const chunk = piece.slice(ID_LENGTH);
    const kept = this.incoming.get(id);
    const transfer = this.find(id);
    if (!kept || transfer?.state !== 'moving') return;
    if (transfer.moved + chunk.byteLength > transfer.size) return this.cancel(id);
    kept.chunks.push(chunk);
    this.change(id, { moved: transfer.moved + chunk.byteLength });
    void this.finish(id);
  }

  private onEnd(id: string, hash: string): void {
    const kept = this.incoming.get(id);
    if (!kept) return;
    kept.sha256 = hash;
    void this.finish(id);
  }

  /** The end may overtake the last pieces, which travel in another channel. */
  private async finish(id: string): Promise<void> {
    const kept = this.incoming.get(id);
    const transfer = this.find(id);
    if (!kept?.sha256 || !transfer || transfer.state !== 'moving' || transfer.moved < transfer.size) return;
    this.change(id, { state: 'checking' });
    const file = new Blob(kept.chunks);
    const whole = (await sha256(await file.arrayBuffer())) === kept.sha256;
    if (this.find(id)?.state !== 'checking') return;
    this.drop(id, whole ? 'done' : 'damaged', whole ? file : null);
    this.send({ type: whole ? 'file_received' : 'file_damaged', id });
  }

  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    for (let id = this.queue[0]; id !== undefined; id = this.queue[0]) {
      const file = this.sources.get(id);
      if (file) await this.push(id, file).catch(() => this.cancel(id));
      this.queue = this.queue.filter((other) => other !== id);
    }
    this.pumping = false;
  }

  private async push(id: string, file: File): Promise<void> {
    const data = await file.arrayBuffer();
    const hash = await sha256(data);
    for (let at = 0; at < data.byteLength; at += CHUNK) {
      const bulk = this.bulk;
      if (this.find(id)?.state !== 'moving' || bulk?.readyState !== 'open') return this.cancel(id);
      if (bulk.bufferedAmount > HIGH_WATER) await drained(bulk);
      if (this.find(id)?.state !== 'moving') return;
      bulk.send(piece(id, data, at));
      this.change(id, { moved: Math.max(0, Math.min(at + CHUNK, data.byteLength) - bulk.bufferedAmount) });
    }
    this.change(id, { state: 'checking', moved: data.byteLength });
    this.send({ type: 'file_end', id, sha256: hash });
  }

  private find(id: string): Transfer | undefined {
    return this.snapshot().transfers.find((transfer) => transfer.id === id);
  }

  private add(transfer: Transfer): void {
    this.store.patch({ transfers: [...this.snapshot().transfers, transfer] });
  }

  private change(id: string, fields: Partial<Transfer>): void {
    this.store.patch({ transfers: this.snapshot().transfers.map((transfer) => (transfer.id === id ? { ...transfer, ...fields } : transfer)) });
  }

  /** Ends a transfer and forgets its bytes. */
  private drop(id: string, state: TransferState, file: Blob | null = null): void {
    this.sources.delete(id);
    this.incoming.delete(id);
    this.queue = this.queue.filter((other) => other !== id);
    this.change(id, { state, file });
  }
}

function piece(id: string, data: ArrayBuffer, at: number): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(data, at, Math.min(CHUNK, data.byteLength - at));
  const bytes = new Uint8Array(ID_LENGTH + chunk.byteLength);
  bytes.set(encoder.encode(id));
  bytes.set(chunk, ID_LENGTH);
  return bytes;
}

function isLiveHere(transfer: Transfer | undefined): boolean {
  return transfer !== undefined && isLive(transfer);
}

function drained(channel: RTCDataChannel): Promise<void> {
  return new Promise((done) => {
    const finish = () => {
      channel.removeEventListener('bufferedamountlow', finish);
      channel.removeEventListener('close', finish);
      done();
    };
    channel.addEventListener('bufferedamountlow', finish);
    channel.addEventListener('close', finish);
  });
}
