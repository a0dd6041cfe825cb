import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PlayerProblem } from './player';
import type { YouTubeEvents } from './youtubeApi';
import { YouTubePlayer } from './youtubePlayer';

const [UNSTARTED, ENDED, PLAYING, PAUSED, BUFFERING, CUED] = [-1, 0, 1, 2, 3, 5];

/** YouTube's side: notes what it is asked, and says what the test wants. */
class Api {
  static current: Api;
  readonly asked: string[] = [];
  state = UNSTARTED;
  time = 0;
  rate = 1;
  duration = 600;
  shown = 'aaaaaaaaaaa';
  options: string[] = [];

  constructor(
    _place: HTMLElement,
    readonly given: { playerVars: Record<string, unknown>; events: YouTubeEvents },
  ) {
    Api.current = this;
  }

  says(state: number): void {
    this.state = state;
    this.given.events.onStateChange?.({ data: state });
  }

  cueVideoById = ({ videoId, startSeconds }: { videoId: string; startSeconds: number }) => this.asked.push(`cue ${videoId} ${startSeconds}`);
  playVideo = () => this.asked.push('play');
  pauseVideo = () => this.asked.push('pause');
  seekTo = (to: number) => this.asked.push(`seek ${to}`);
  setPlaybackRate = (rate: number) => this.asked.push(`rate ${rate}`);
  getPlaybackRate = () => this.rate;
  setVolume = () => undefined;
  mute = () => this.asked.push('mute');
  unMute = () => this.asked.push('unMute');
  getCurrentTime = () => this.time;
  getDuration = () => this.duration;
  getVideoLoadedFraction = () => 1;
  getVideoData = () => ({ video_id: this.shown });
  getOptions = () => this.options;
  loadModule = (name: string) => this.asked.push(`load ${name}`);
  unloadModule = (name: string) => this.asked.push(`unload ${name}`);
  destroy = () => this.asked.push('destroy');
}

let player: YouTubePlayer;
let problems: PlayerProblem[];
let blocked: number;
const api = () => Api.current;

beforeEach(async () => {
  vi.useFakeTimers();
  window.YT = { Player: Api as never };
  problems = [];
  blocked = 0;
  player = new YouTubePlayer(document.createElement('div'), {
    changed: () => undefined,
    blocked: () => blocked++,
    failed: (problem) => problems.push(problem),
  });
  player.load({ kind: 'youtube', video_id: 'aaaaaaaaaaa' }, 30);
  await vi.advanceTimersByTimeAsync(0);
});

afterEach(() => {
  player.destroy();
  delete window.YT;
  vi.useRealTimers();
});

function prime(): void {
  api().given.events.onReady?.();
  api().says(BUFFERING);
  api().says(PLAYING);
  api().says(PAUSED);
}

test('loading plays silently until the first picture moves and waits there', () => {
  expect(player.state).toBe('loading');
  api().given.events.onReady?.();
  expect(api().asked).toEqual(['mute', 'cue aaaaaaaaaaa 30', 'play']);
  api().says(CUED);
  api().says(BUFFERING);
  expect(player.state).toBe('loading');
  api().says(PLAYING);
  expect(api().asked.slice(3)).toEqual(['pause', 'unMute', 'unload captions']);
  api().says(PAUSED);
  expect(player.state).toBe('paused');
  player.play();
  api().says(PLAYING);
  expect(player.state).toBe('playing');
});

test.each([
  [2, 'bad_link'],
  [5, 'youtube_player'],
  [100, 'not_found'],
  [101, 'embedding_disabled'],
  [150, 'embedding_disabled'],
  [153, 'no_referrer'],
  [999, 'youtube_player'],
])('error %s is explained as %s', (code, problem) => {
  api().given.events.onReady?.();
  api().given.events.onError?.({ data: code });
  expect(player.state).toBe('failed');
  expect(problems).toEqual([problem]);
});

test('an advertisement before the film is sat out, unseen by the class', async () => {
  api().given.events.onReady?.();
  api().shown = 'advertising';
  api().says(PLAYING);
  expect(player.state).toBe('ad');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(api().asked).not.toContain('pause');
  api().shown = 'aaaaaaaaaaa';
  await vi.advanceTimersByTimeAsync(300);
  expect(api().asked).toContain('pause');
  api().says(PAUSED);
  expect(player.state).toBe('paused');
});

test('playing without getting anywhere counts as an advertisement until it goes on', async () => {
  prime();
  player.play();
  api().says(PLAYING);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(player.state).toBe('ad');
  api().time = 31;
  await vi.advanceTimersByTimeAsync(300);
  api().time = 33;
  await vi.advanceTimersByTimeAsync(300);
  expect(player.state).toBe('playing');
});

test('a refused start is told, also when the browser says nothing', async () => {
  prime();
  player.play();
  api().given.events.onAutoplayBlocked?.();
  expect(blocked).toBe(1);
  player.play();
  await vi.advanceTimersByTimeAsync(4_500);
  expect(blocked).toBe(2);
});

test('an order to play what already plays is no refused start', async () => {
  prime();
  player.play();
  api().says(PLAYING);
  player.play();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(blocked).toBe(0);
});

test('not even the silent start is allowed: waits for the tap in the end', () => {
  api().given.events.onReady?.();
  api().given.events.onAutoplayBlocked?.();
  expect(blocked).toBe(1);
  expect(player.state).toBe('paused');
});

test('a rate is asked for once, and again when a load has reset it', () => {
  prime();
  for (let i = 0; i < 10; i++) player.setRate(1.05);
  expect(api().asked.filter((order) => order.startsWith('rate'))).toEqual(['rate 1.05']);
  api().rate = 1.05;
  player.setRate(1.05);
  player.load({ kind: 'youtube', video_id: 'bbbbbbbbbbb' }, 0);
  api().rate = 1;
  api().shown = 'bbbbbbbbbbb';
  player.setRate(1.05);
  expect(api().asked.filter((order) => order.startsWith('rate'))).toEqual(['rate 1.05', 'rate 1.05']);
});

test('a seek after the end does not start the film by itself', () => {
  prime();
  player.play();
  api().says(PLAYING);
  api().says(ENDED);
  expect(player.state).toBe('ended');
  player.seek(12);
  expect(api().asked.at(-1)).toBe('cue aaaaaaaaaaa 12');
});

test('captions can be switched where there are some', () => {
  prime();
  expect(player.captions).toBeNull();
  api().options = ['captions'];
  api().given.events.onApiChange?.();
  expect(player.captions).toBe(false);
  player.setCaptions(true);
  expect(player.captions).toBe(true);
  expect(api().asked.at(-1)).toBe('load captions');
});
