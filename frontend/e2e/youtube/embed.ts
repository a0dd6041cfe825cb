/** How the stub's player behaves. */
export interface StubOptions {
  /** Makes the delays of loads and seeks repeat from run to run. */
  seed: number;
  /** "menu": only the documented rates; "fine": a grid of 0.05 too, as the real player seems to accept. */
  rates: 'menu' | 'fine';
  /** "blocked": a play with sound needs a fresh gesture in the page. */
  autoplay: 'allowed' | 'blocked';
  /** Errors by video id: 100 gone, 101 or 150 embedding not allowed. */
  errors: Record<string, number>;
  /** Length of every video, in seconds. */
  duration: number;
  /** An advertisement before the first picture: how it shows (another id, a length of its own, a position that stands) and for how long. */
  ad: { shows: 'id' | 'length' | 'standstill'; ms: number } | null;
}

/** What the player really does, for the measurement; the app sees only what the messages tell. */
export interface StubTruth {
  videoId: string;
  /** Seconds. */
  position: number;
  moving: boolean;
  rate: number;
  muted: boolean;
  /** Milliseconds of the machine's true clock when this was so. */
  at: number;
}

declare global {
  interface Window {
    stubTruth: () => StubTruth;
    /** The truth every 50 ms since the beginning. */
    stubLog: StubTruth[];
    /** Starves the player for so many milliseconds. */
    stubStall: (ms: number) => void;
  }
}

/**
 * The player inside the iframe, after the documented behaviour of YouTube's IFrame Player API: it speaks by postMessage,
 * pushes its position every 265 ms while playing, buffers 150–850 ms at each load and seek, and resets the rate on a load.
 * Runs in the page; must not use anything from outside of itself.
 */
export function embeddedPlayer({ seed, rates, autoplay, errors, duration, ad }: StubOptions): void {
  const state = { unstarted: -1, ended: 0, playing: 1, paused: 2, buffering: 3, cued: 5 };
  const menu = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
  const query = new URLSearchParams(location.search);
  let videoId = location.pathname.split('/').pop() ?? '';
  let current = state.unstarted;
  let anchor = { position: Number(query.get('start') ?? 0), at: performance.now() };
  let rate = 1;
  let muted = query.get('mute') === '1';
  let volume = 100;
  let loaded = false;
  let starting: ReturnType<typeof setTimeout> | undefined;
  let bufferedAt = 0;
  let widgetId: unknown = null;
  let adLeft = ad?.ms ?? 0;
  let adSince: number | null = null;

  const random = mulberry32(seed);
  const view = document.createElement('p');
  document.body.append(view);

  window.stubTruth = () => ({
    videoId,
    position: position(),
    moving: current === state.playing && adSince === null,
    rate,
    muted,
    at: window.harness.now(),
  });
  window.stubLog = [];
  setInterval(() => window.stubLog.push(window.stubTruth()), 50);
  window.stubStall = (ms) => {
    if (current !== state.playing) return;
    anchor = { position: position(), at: performance.now() };
    bufferedAt = performance.now() + ms;
    start();
  };
  window.addEventListener('message', (event) => {
    if (event.source !== parent || typeof event.data !== 'string') return;
    const message = JSON.parse(event.data) as { event: string; id: unknown; func?: string; args?: unknown[]; gesture?: boolean };
    if (message.event === 'listening' && widgetId === null) {
      widgetId = message.id;
      send('initialDelivery', information());
      send('onReady', null);
      if (!document.referrer) send('onError', 153);
      else if (query.get('autoplay') === '1') play(false);
    } else if (message.event === 'command') command(message.func ?? '', message.args ?? [], message.gesture ?? false);
  });
  setInterval(() => {
    if (current !== state.playing) return;
    if (position() >= duration) {
      anchor = { position: duration, at: performance.now() };
      become(state.ended);
    } else send('infoDelivery', information());
  }, 265);

  function command(name: string, args: unknown[], gesture: boolean): void {
    const first = args[0];
    if (name === 'playVideo') play(gesture);
    else if (name === 'pauseVideo') pause();
    else if (name === 'stopVideo') stop();
    else if (name === 'seekTo') seek(Number(first));
    else if (name === 'loadVideoById' || name === 'cueVideoById') {
      const request =
        typeof first === 'string'
          ? { videoId: first, startSeconds: Number(args[1] ?? 0) }
          : { startSeconds: 0, ...(first as { videoId: string; startSeconds?: number }) };
      cue(request.videoId, request.startSeconds);
      if (name === 'loadVideoById') play(gesture);
      else become(state.cued);
    } else if (name === 'setPlaybackRate') setRate(Number(first));
    else if (name === 'mute' || name === 'unMute') {
      muted = name === 'mute';
      send('infoDelivery', information());
    } else if (name === 'setVolume') {
      volume = Math.max(0, Math.min(100, Number(first)));
      send('infoDelivery', information());
    }
  }

  function cue(id: string, start: number): void {
    clearTimeout(starting);
    videoId = id;
    loaded = false;
    anchor = { position: start, at: performance.now() };
    become(state.unstarted);
    setRate(1);
  }

  function play(gesture: boolean): void {
    if (current === state.playing || current === state.buffering) return;
    const error = /^[\w-]{11}$/.test(videoId) ? errors[videoId] : 2;
    if (error !== undefined) {
      become(state.unstarted);
      send('onError', error);
    } else if (autoplay === 'blocked' && !muted && !gesture) {
      send('onAutoplayBlocked', null);
    } else {
      if (current === state.ended) anchor = { position: 0, at: performance.now() };
      if (!loaded || current === state.ended) buffer();
      start();
    }
  }

  /** What a place in the video needs to arrive. */
  function buffer(): void {
    bufferedAt = performance.now() + 150 + random() * 700;
  }

  /** Moves once the place is there, and never at the very instant of the order. */
  function start(): void {
    clearTimeout(starting);
    const wait = Math.max(bufferedAt - performance.now(), 20 + random() * 60);
    if (wait > 100) become(state.buffering);
    starting = setTimeout(() => {
      loaded = true;
      if (adLeft > 0) return showAd();
      anchor = { ...anchor, at: performance.now() };
      become(state.playing);
    }, wait);
  }

  /** The advertisement's time counts only while it plays; nothing says that it is one. */
  function showAd(): void {
    adSince = performance.now();
    starting = setTimeout(() => {
      adSince = null;
      adLeft = 0;
      become(state.buffering);
      start();
    }, adLeft);
    become(state.playing);
  }

  function pause(): void {
    clearTimeout(starting);
    if (current !== state.playing && current !== state.buffering) return;
    if (adSince !== null) adLeft -= performance.now() - adSince;
    anchor = { position: position(), at: performance.now() };
    adSince = null;
    become(state.paused);
  }

  function stop(): void {
    clearTimeout(starting);
    loaded = false;
    become(state.cued);
  }

  /** Paused stays paused; from every other state a seek plays. */
  function seek(to: number): void {
    if (adSince !== null) return;
    anchor = { position: Math.max(0, Math.min(duration, to)), at: performance.now() };
    buffer();
    if (current === state.paused) send('infoDelivery', information());
    else start();
  }

  /** What is not on the grid falls to the next step in the direction of 1. */
  function setRate(wanted: number): void {
    const grid = rates === 'fine' ? Array.from({ length: 36 }, (_, i) => Math.round(25 + i * 5) / 100) : menu;
    const between = grid.filter((step) => (wanted >= 1 ? step >= 1 && step <= wanted + 1e-9 : step <= 1 && step >= wanted - 1e-9));
    const next = wanted >= 1 ? Math.max(1, ...between) : Math.min(1, ...between);
    if (next === rate) return;
    anchor = { position: position(), at: performance.now() };
    rate = next;
    send('onPlaybackRateChange', rate);
    send('infoDelivery', information());
  }

  function position(): number {
    if (current !== state.playing || adSince !== null) return anchor.position;
    return Math.min(duration, anchor.position + ((performance.now() - anchor.at) / 1000) * rate);
  }

  function become(next: number): void {
    if (next === current) return;
    current = next;
    send('infoDelivery', information());
    send('onStateChange', next);
  }

  function information() {
    const since = adSince !== null && ad?.shows !== 'standstill' ? (performance.now() - adSince) / 1000 : null;
    return {
      currentTime: since ?? position(),
      currentTimeLastUpdated_: Date.now() / 1000,
      playerState: current,
      playbackRate: rate,
      availablePlaybackRates: menu,
      duration: !loaded ? 0 : adSince !== null && ad?.shows === 'length' ? 15 : duration,
      muted,
      volume,
      videoData: { video_id: adSince !== null && ad?.shows === 'id' ? 'advertising' : videoId, title: `Stub ${videoId}`, author: 'Stub' },
    };
  }

  function send(event: string, info: unknown): void {
    view.textContent = `stub ${videoId} · ${position().toFixed(1)} s · state ${current} · ×${rate}`;
    if (widgetId === null) return;
    parent.postMessage(JSON.stringify({ event, info, id: widgetId, channel: 'widget' }), query.get('origin') ?? '*');
  }

  function mulberry32(start: number): () => number {
    let a = start;
    return () => {
      a = (a + 0x6d2b79f5) | 0;
      let t = Math.imul(a ^ (a >>> 15), 1 | a);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }
}
