import type { Tile } from '@/api/wire.gen';
import { Store } from '@/media/store';
import type { Box } from './view';

export interface FloatingSubject {
  participantId: string;
  source: Tile['source'];
  track: MediaStreamTrack;
}

export interface FloatingSnapshot {
  /** The window's size while there is one. */
  box: Box | null;
  /** There is a picture to float. */
  ready: boolean;
}

/** One picture of the room in a small window that stays above other programs: always the one that matters now. */
export class FloatingPicture {
  private readonly store = new Store<FloatingSnapshot>({ box: null, ready: false });
  private readonly video = document.createElement('video');
  private window: PictureInPictureWindow | null = null;
  private track: MediaStreamTrack | null = null;

  constructor() {
    this.video.muted = true;
    this.video.autoplay = true;
    this.video.addEventListener('enterpictureinpicture', this.opened);
    this.video.addEventListener('leavepictureinpicture', this.closed);
    this.video.addEventListener('loadedmetadata', () => this.store.patch({ ready: true }));
  }

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  /** Shows another picture. Without one, the last stays until there is. */
  follow(track: MediaStreamTrack | null): void {
    if (track === this.track) return;
    this.track = track;
    if (track) this.video.srcObject = new MediaStream([track]);
    else if (!this.window) {
      this.video.srcObject = null;
      this.store.patch({ ready: false });
    }
  }

  readonly toggle = (): void => {
    // A browser that refuses says so itself; the room stays as it is.
    if (this.window) void document.exitPictureInPicture().catch(() => undefined);
    else void this.video.requestPictureInPicture().catch(() => undefined);
  };

  close(): void {
    if (this.window) void document.exitPictureInPicture().catch(() => undefined);
    this.closed();
    this.video.srcObject = null;
  }

  private readonly opened = (event: Event) => {
    this.window = (event as PictureInPictureEvent).pictureInPictureWindow;
    this.window.addEventListener('resize', this.sized);
    this.sized();
  };

  private readonly closed = () => {
    this.window?.removeEventListener('resize', this.sized);
    this.window = null;
    this.store.patch({ box: null });
  };

  private readonly sized = () => {
    if (this.window) this.store.patch({ box: { width: this.window.width, height: this.window.height } });
  };
}

export const canFloat = document.pictureInPictureEnabled === true;
