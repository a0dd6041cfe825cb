import type { PeerMessage } from './callChannel';

/** How many pictures a code has, and from how many they are taken: 24 bits. */
export const CODE_LENGTH = 4;
export const CODE_ALPHABET = 64;

const encoder = new TextEncoder();

/**
 * The code that both sides show and read to each other: pictures by their number. Somebody in between has two connections
 * with two pairs of certificates, so the two sides would see different codes. What is hashed: the call, both certificates'
 * fingerprints in order, and each side's random number behind its own.
 */
export async function callCode(callId: string, sides: { fingerprint: string; nonce: string }[]): Promise<number[]> {
  const ordered = sides.map(({ fingerprint, nonce }) => `${fingerprint} ${nonce}`).sort();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode([callId, ...ordered].join('\n'))));
  return [...hash.slice(0, CODE_LENGTH)].map((byte) => byte % CODE_ALPHABET);
}

export async function sha256(data: BufferSource): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', data)));
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Agrees on the code over the call's own channel. Each side first commits to its random number and shows it only when it has
 * the other's commitment: somebody in between has to choose numbers before knowing them, and has one guess in 16 million
 * instead of as many as a computer can make.
 */
export class CodeExchange {
  private readonly nonce = hex(crypto.getRandomValues(new Uint8Array(32)));
  private commitment: string | null = null;
  private revealed = false;

  constructor(
    private readonly callId: string,
    private readonly fingerprints: () => { own: string; theirs: string } | null,
    private readonly send: (message: PeerMessage) => void,
    private readonly agreed: (code: number[]) => void,
  ) {}

  /** The channel is open. */
  async begin(): Promise<void> {
    this.send({ type: 'commit', hash: await sha256(encoder.encode(this.nonce)) });
  }

  async take(message: PeerMessage): Promise<void> {
    if (message.type === 'commit' && this.commitment === null) {
      this.commitment = message.hash;
      this.send({ type: 'reveal', nonce: this.nonce });
    } else if (message.type === 'reveal' && this.commitment !== null && !this.revealed) {
      this.revealed = true;
      const found = this.fingerprints();
      if (!found || (await sha256(encoder.encode(message.nonce))) !== this.commitment) return;
      this.agreed(
        await callCode(this.callId, [
          { fingerprint: found.own, nonce: this.nonce },
          { fingerprint: found.theirs, nonce: message.nonce },
        ]),
      );
    }
  }
}
