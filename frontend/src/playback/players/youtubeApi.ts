/** The part of the YouTube IFrame Player API that Lectern uses: https://developers.google.com/youtube/iframe_api_reference */
export interface YouTubePlayerApi {
  cueVideoById(video: { videoId: string; startSeconds: number }): void;
  playVideo(): void;
  pauseVideo(): void;
  seekTo(seconds: number, allowSeekAhead: boolean): void;
  setPlaybackRate(rate: number): void;
  getPlaybackRate(): number;
  setVolume(percent: number): void;
  mute(): void;
  unMute(): void;
  getCurrentTime(): number;
  getDuration(): number;
  getVideoLoadedFraction(): number;
  getVideoData?(): { video_id?: string; title?: string };
  getOptions?(): string[];
  loadModule?(name: string): void;
  unloadModule?(name: string): void;
  destroy(): void;
}

export interface YouTubeEvents {
  onReady?: () => void;
  onStateChange?: (event: { data: number }) => void;
  onPlaybackRateChange?: (event: { data: number }) => void;
  onError?: (event: { data: number }) => void;
  onAutoplayBlocked?: () => void;
  onApiChange?: () => void;
}

interface YouTubeNamespace {
  Player: new (
    element: HTMLElement,
    options: { width: string; height: string; host?: string; playerVars: Record<string, string | number>; events: YouTubeEvents },
  ) => YouTubePlayerApi;
}

declare global {
  interface Window {
    YT?: YouTubeNamespace & { loaded?: number };
    onYouTubeIframeAPIReady?: () => void;
  }
}

const SCRIPT = 'https://www.youtube.com/iframe_api';
const TIMEOUT_MS = 15_000;

let loading: Promise<YouTubeNamespace> | null = null;

/** Loads YouTube's script once, only when somebody watches YouTube. Rejects when it cannot be reached; a later call tries again. */
export function loadYouTubeApi(): Promise<YouTubeNamespace> {
  if (window.YT?.Player) return Promise.resolve(window.YT);
  loading ??= new Promise<YouTubeNamespace>((resolve, reject) => {
    const script = document.createElement('script');
    const fail = () => {
      loading = null;
      script.remove();
      reject(new Error('The YouTube player could not be loaded.'));
    };
    const timer = setTimeout(fail, TIMEOUT_MS);
    window.onYouTubeIframeAPIReady = () => {
      clearTimeout(timer);
      if (window.YT) resolve(window.YT);
    };
    script.src = SCRIPT;
    script.async = true;
    script.onerror = fail;
    document.head.append(script);
  });
  return loading;
}
