/** How long is waited for what, in milliseconds. A path that is found again is found within a second. */
export interface Patience {
  /** Between two tries to find a path again; for a network that comes back late. */
  tryAgain: number;
  giveUp: number;
  /** Until a first connection is given up: another try may ask for more help. */
  firstPath: number;
  /** Whether "failed" of the browser counts before giveUp is over. */
  believeFailed: boolean;
}

/** A server can be reached anew from the start, sooner than browsers give up. */
export const withServer: Patience = { tryAgain: 4_000, giveUp: 8_000, firstPath: 8_000, believeFailed: true };
/** Another person's network may be gone for half a minute. */
export const withPerson: Patience = { tryAgain: 3_000, giveUp: 30_000, firstPath: 30_000, believeFailed: false };

export interface RecoveryListener {
  /** Media flows for the first time. */
  connected?(): void;
  /** Look for a new path on all connections. */
  restart(): void;
  /** Media does not flow, or flows again. */
  interrupted(interrupted: boolean): void;
  /** No new path was found in time. */
  failed(): void;
}

/** navigator.connection, where there is one (Chromium on phones). */
interface NetworkInformation extends EventTarget {
  type?: string;
}

/**
 * Watches over the peer connections of a stay: when the network changes or a path dies it asks for an ICE restart, and when
 * that does not help, for new connections.
 */
export class Recovery {
  private readonly peers: RTCPeerConnection[] = [];
  private readonly network = (navigator as Navigator & { connection?: NetworkInformation }).connection;
  private networkType = this.network?.type;
  private retry: ReturnType<typeof setInterval> | undefined;
  private giveUp: ReturnType<typeof setTimeout> | undefined;
  private noPath: ReturnType<typeof setTimeout> | undefined;
  private isInterrupted = false;
  private wasConnected = false;

  constructor(
    private readonly listener: RecoveryListener,
    private readonly patience = withServer,
  ) {
    window.addEventListener('online', this.onOnline);
    this.network?.addEventListener('change', this.onNetwork);
  }

  watch(pc: RTCPeerConnection): void {
    this.peers.push(pc);
    pc.onconnectionstatechange = () => this.onState();
  }

  close(): void {
    window.removeEventListener('online', this.onOnline);
    this.network?.removeEventListener('change', this.onNetwork);
    for (const pc of this.peers) pc.onconnectionstatechange = null;
    this.clear();
  }

  private onState(): void {
    const states = this.peers.map((pc) => pc.connectionState);
    if (!states.includes('connecting')) {
      clearTimeout(this.noPath);
      this.noPath = undefined;
    } else if (!this.isInterrupted) this.noPath ??= setTimeout(() => this.listener.failed(), this.patience.firstPath);
    // Browsers say so after three times our own patience, or when a connection never came about.
    if (states.includes('failed') && this.patience.believeFailed) this.listener.failed();
    else if (states.includes('disconnected') || states.includes('failed')) this.interrupt();
    else if (states.includes('connected') && states.every((state) => state === 'connected' || state === 'new')) {
      if (this.isInterrupted) this.recovered();
      this.flows();
    }
  }

  private flows(): void {
    if (this.wasConnected) return;
    this.wasConnected = true;
    this.listener.connected?.();
  }

  private interrupt(): void {
    if (this.isInterrupted) return;
    this.isInterrupted = true;
    this.listener.interrupted(true);
    this.listener.restart();
    this.retry = setInterval(() => this.listener.restart(), this.patience.tryAgain);
    this.giveUp = setTimeout(() => this.listener.failed(), this.patience.giveUp);
  }

  private recovered(): void {
    this.clear();
    this.isInterrupted = false;
    this.listener.interrupted(false);
  }

  private clear(): void {
    clearInterval(this.retry);
    clearTimeout(this.giveUp);
    clearTimeout(this.noPath);
  }

  /** Another network has other addresses; the old path may be dead without anybody having noticed yet. */
  private readonly onOnline = () => {
    if (this.peers.some((pc) => pc.connectionState !== 'new')) this.listener.restart();
  };

  /** The event also tells of mere changes in speed. */
  private readonly onNetwork = () => {
    const type = this.network?.type;
    if (type === this.networkType) return;
    this.networkType = type;
    if (type !== 'none') this.onOnline();
  };
}
