import type { PlaybackItem } from '@/api/wire.gen';
import type { FollowController } from '../controller';
import { Html5Controller } from '../html5Controller';
import { YouTubeController } from '../youtubeController';
import { Html5Player } from './html5Player';
import type { Player, PlayerListener } from './player';
import { YouTubePlayer } from './youtubePlayer';

/** A player of a kind and what keeps that kind in step. */
export type MakePlayer = (kind: PlaybackItem['kind'], host: HTMLElement, listener: PlayerListener) => { player: Player; controller: FollowController };

export const makePlayer: MakePlayer = (kind, host, listener) =>
  kind === 'youtube'
    ? { player: new YouTubePlayer(host, listener), controller: new YouTubeController() }
    : { player: new Html5Player(host, listener), controller: new Html5Controller() };
