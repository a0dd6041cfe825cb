/**
 * The script that https://www.youtube.com/iframe_api answers with: `YT.Player` as documented, over an iframe of another
 * origin. Like the real one, a player has most of its methods only once it is ready, and extrapolates the position between
 * two pushes. Runs in the page; must not use anything from outside of itself.
 */
export function iframeAPI(): void {
  interface Information {
    currentTime: number;
    currentTimeLastUpdated_: number;
    playerState: number;
    playbackRate: number;
    availablePlaybackRates: number[];
    duration: number;
    muted: boolean;
    volume: number;
    videoData: object;
  }
  interface Options {
    width?: number | string;
    height?: number | string;
    videoId?: string;
    host?: string;
    playerVars?: Record<string, string | number>;
    events?: Record<string, Listener>;
  }
  type Listener = (event: { target: Player; data: unknown }) => void;

  let players = 0;

  class Player {
    [method: string]: unknown;
    private readonly frame: HTMLIFrameElement;
    private readonly place: HTMLElement;
    private readonly host: string;
    private readonly number = ++players;
    private readonly listeners = new Map<string, Set<Listener>>();
    private info: Partial<Information> = {};
    private knocking: ReturnType<typeof setInterval> | undefined;

    constructor(place: HTMLElement | string, options: Options = {}) {
      const found = typeof place === 'string' ? document.getElementById(place) : place;
      if (!found) throw new Error('YouTube: invalid element');
      this.place = found;
      this.host = options.host ?? 'https://www.youtube.com';
      for (const [name, listener] of Object.entries(options.events ?? {})) this.addEventListener(name, listener);
      this.frame = this.build(options);
      window.addEventListener('message', this.receive);
      this.frame.addEventListener('load', () => {
        this.send({ event: 'listening' });
        this.knocking = setInterval(() => this.send({ event: 'listening' }), 250);
      });
      if (found instanceof HTMLIFrameElement) this.send({ event: 'listening' });
      else found.replaceWith(this.frame);
    }

    addEventListener(name: string, listener: Listener): void {
      this.listeners.set(name, (this.listeners.get(name) ?? new Set()).add(listener));
    }

    removeEventListener(name: string, listener: Listener): void {
      this.listeners.get(name)?.delete(listener);
    }

    getIframe(): HTMLIFrameElement {
      return this.frame;
    }

    destroy(): void {
      clearInterval(this.knocking);
      window.removeEventListener('message', this.receive);
      if (this.frame === this.place) this.frame.remove();
      else this.frame.replaceWith(this.place);
    }

    private build(options: Options): HTMLIFrameElement {
      if (this.place instanceof HTMLIFrameElement) return this.place;
      const frame = document.createElement('iframe');
      const query = new URLSearchParams({ enablejsapi: '1', origin: location.origin, widgetid: String(this.number) });
      for (const [name, value] of Object.entries(options.playerVars ?? {})) query.set(name, String(value));
      frame.id = this.place.id || `widget${this.number}`;
      frame.width = String(options.width ?? 640);
      frame.height = String(options.height ?? 360);
      frame.title = 'YouTube video player';
      frame.allow = 'accelerometer; autoplay; clipboard-write; encrypted-media; gyroscope; picture-in-picture; web-share';
      frame.referrerPolicy = 'strict-origin-when-cross-origin';
      frame.src = `${this.host}/embed/${options.videoId ?? ''}?${query.toString()}`;
      return frame;
    }

    private readonly receive = (event: MessageEvent): void => {
      if (event.source !== this.frame.contentWindow || event.origin !== new URL(this.frame.src).origin) return;
      const message = JSON.parse(String(event.data)) as { event: string; info: unknown; id: unknown };
      if (message.id !== this.number) return;
      if (message.event === 'initialDelivery' || message.event === 'infoDelivery') {
        this.info = { ...this.info, ...(message.info as Partial<Information>) };
        return;
      }
      if (message.event === 'onReady') {
        clearInterval(this.knocking);
        this.equip();
      }
      for (const listener of this.listeners.get(message.event) ?? []) listener({ target: this, data: message.info });
    };

    private equip(): void {
      const orders = ['playVideo', 'pauseVideo', 'stopVideo', 'seekTo', 'loadVideoById', 'cueVideoById'];
      for (const name of [...orders, 'setPlaybackRate', 'mute', 'unMute', 'setVolume', 'setSize']) {
        this[name] = (...args: unknown[]) =>
          this.send({ event: 'command', func: name, args, gesture: navigator.userActivation.isActive });
      }
      Object.assign(this, {
        getPlayerState: () => this.info.playerState ?? -1,
        getDuration: () => this.info.duration ?? 0,
        getPlaybackRate: () => this.info.playbackRate ?? 1,
        getAvailablePlaybackRates: () => this.info.availablePlaybackRates ?? [1],
        getVolume: () => this.info.volume ?? 100,
        isMuted: () => this.info.muted ?? false,
        getVideoData: () => this.info.videoData ?? {},
        getVideoLoadedFraction: () => 1,
        getCurrentTime: () => {
          const { currentTime = 0, currentTimeLastUpdated_ = 0, playerState, playbackRate = 1, duration = 0 } = this.info;
          if (playerState !== 1) return currentTime;
          return Math.min(duration, currentTime + (Date.now() / 1000 - currentTimeLastUpdated_) * playbackRate);
        },
      });
    }

    private send(message: object): void {
      this.frame.contentWindow?.postMessage(JSON.stringify({ ...message, id: this.number, channel: 'widget' }), new URL(this.frame.src).origin);
    }
  }

  const scope = window as unknown as { YT: object; onYouTubeIframeAPIReady?: () => void };
  scope.YT = {
    Player,
    PlayerState: { UNSTARTED: -1, ENDED: 0, PLAYING: 1, PAUSED: 2, BUFFERING: 3, CUED: 5 },
    loaded: 1,
    ready: (callback: () => void) => callback(),
  };
  scope.onYouTubeIframeAPIReady?.();
}
