/** Times in milliseconds. A path that is found again is found within a second; the second try is for a network that comes back late. */
const TRY_AGAIN_MS = 4_000;
const GIVE_UP_MS = 8_000;
/** Sooner than browsers give a first connection up: another try may ask for more help. */
const NO_PATH_MS = 8_000;

export interface RecoveryListener {
  /** Look for a new path on both connections. */
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
  private retry: ReturnType<typeof setTimeout> | undefined;
  private giveUp: ReturnType<typeof setTimeout> | undefined;
  private noPath: ReturnType<typeof setTimeout> | undefined;
  private isInterrupted = false;

  constructor(private readonly listener: RecoveryListener) {
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
    } else this.noPath ??= setTimeout(() => this.listener.failed(), NO_PATH_MS);
    // Browsers say so after three times our own patience, or when a connection never came about.
    if (states.includes('failed')) this.listener.failed();
    else if (states.includes('disconnected')) this.interrupt();
    else if (this.isInterrupted && states.every((state) => state === 'connected' || state === 'new')) this.recovered();
  }

  private interrupt(): void {
    if (this.isInterrupted) return;
    this.isInterrupted = true;
    this.listener.interrupted(true);
    this.listener.restart();
    this.retry = setTimeout(() => this.listener.restart(), TRY_AGAIN_MS);
    this.giveUp = setTimeout(() => this.listener.failed(), GIVE_UP_MS);
  }

  private recovered(): void {
    this.clear();
    this.isInterrupted = false;
    this.listener.interrupted(false);
  }

  private clear(): void {
    clearTimeout(this.retry);
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
