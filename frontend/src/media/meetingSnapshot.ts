import type { MeetingJoined, MeetingSettings, Participant, Profile, TrackSourceName, Waiting } from '@/api/wire.gen';
import type { Socket } from '@/realtime/socket';
import type { LocalNotice } from './localMedia';
import type { Quality } from './quality';
import type { Store } from './store';
import type { RemoteMedia } from './subscriber';

/**
 * preview: devices are tried, nobody sees one. joining: the first entry. waiting: a teacher has to admit. joined.
 * reconnecting: the connection was lost and is being made again. lost: that took too long. The others are ends: left by
 * oneself, ended for all, removed by a teacher, not admitted, refused by the server.
 */
export type MeetingPhase = 'preview' | 'joining' | 'waiting' | 'joined' | 'reconnecting' | 'lost' | 'left' | 'ended' | 'removed' | 'denied' | 'refused';

export type MeetingEnding = Extract<MeetingPhase, 'left' | 'ended' | 'removed' | 'denied' | 'refused'>;

export interface MeetingSnapshot {
  phase: MeetingPhase;
  /** The server's word for the refusal: room_full, not_found, forbidden … */
  refusal: string | null;
  /** Why one waits and since when; null unless waiting. */
  waiting: Waiting | null;
  /** When one who was not let in may ask again, as `Date.now()`; null unless denied. */
  askAgainAt: number | null;
  me: string | null;
  muted: boolean;
  handRaised: boolean;
  participants: Participant[];
  remote: RemoteMedia[];
  /** Nothing is seen and heard while a new path through the network is looked for; or one waits without a connection. */
  interrupted: boolean;
  /** The server has said that it stops and will be back. */
  restarting: boolean;
  /** Participant ids, loudest first. */
  speakers: string[];
  /** How well each connection carries sound and pictures, by participant id, once the server has said so. */
  quality: Readonly<Record<string, Quality>>;
  settings: MeetingSettings;
}

export type MeetingNotice =
  | LocalNotice
  | { kind: 'joined' | 'left' | 'hand'; user: Profile }
  | { kind: 'muted_by'; user: Profile | null }
  | { kind: 'locked'; source: TrackSourceName }
  | { kind: 'screen_taken' | 'screen_left'; user?: Profile }
  | { kind: 'screen_busy'; user: Profile }
  | { kind: 'main_room' }
  | { kind: 'back' };

export type MeetingSocket = Pick<Socket, 'on' | 'send' | 'onState' | 'state' | 'sessionCount'>;

export interface MeetingOptions {
  socket: MeetingSocket;
  meetingId: string;
  onNotice: (notice: MeetingNotice) => void;
  /** What each entry was answered with, the first and every later one: it has the playback's state. */
  onJoined: (joined: MeetingJoined) => void;
}

/** What the parts of one stay share. */
export interface Stay {
  readonly socket: MeetingSocket;
  readonly meetingId: string;
  readonly store: Store<MeetingSnapshot>;
  notice(notice: MeetingNotice): void;
}

const open: MeetingSettings = { microphones_locked: false, cameras_locked: false, screen_locked: false, chat_locked: false, lobby: false, many_screens: false };

export const before: MeetingSnapshot = {
  phase: 'preview',
  refusal: null,
  waiting: null,
  askAgainAt: null,
  me: null,
  muted: false,
  handRaised: false,
  participants: [],
  remote: [],
  interrupted: false,
  restarting: false,
  speakers: [],
  quality: {},
  settings: open,
};

/** Oneself as the server knows one; undefined before the first entry. */
export function ownParticipant({ participants, me }: MeetingSnapshot): Participant | undefined {
  return participants.find((p) => p.participant_id === me);
}
