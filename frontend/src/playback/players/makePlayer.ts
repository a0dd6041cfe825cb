import type { PlaybackItem } from '@/api/wire.gen';
import { Html5Player } from './html5Player';
import type { Player, PlayerListener } from './player';
import { YouTubePlayer } from './youtubePlayer';

export type MakePlayer = (kind: PlaybackItem['kind'], host: HTMLElement, listener: PlayerListener) => Player;

export const makePlayer: MakePlayer = (kind, host, listener) =>
  kind === 'youtube' ? new YouTubePlayer(host, listener) : new Html5Player(host, listener);
