import type { MeetingJoined, MeetingSettings, Participant, PlaybackState } from '@/api/wire.gen';

export const noLocks: MeetingSettings = {
  microphones_locked: false,
  cameras_locked: false,
  screen_locked: false,
  chat_locked: false,
  lobby: false,
  many_screens: false,
};

export function person(id: string, more: Partial<Participant> = {}): Participant {
  return {
    participant_id: id,
    user: { id: `user ${id}`, name: id, avatar_url: null, presence: 'online' },
    role: 'student',
    muted: false,
    video_on: false,
    screen_sharing: false,
    hand_raised: false,
    hand_raised_at: null,
    may_speak: false,
    captioned: false,
    room_id: '',
    connection: 'connected',
    joined_at: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}

/** The answer to a join: two are there, "ann" and oneself, "me". */
export function joined(more: Partial<MeetingJoined> = {}): MeetingJoined {
  const playback_state: PlaybackState = {
    playlist: { channel_id: 'c', v: 0, entries: [], current_id: '', auto_next: true },
    settings: { free_browsing: false, remote: '', room_sound: '' },
    question: null,
    my_answer: null,
    comments: [],
    post_id: null,
    markers: [],
    answers: null,
    lost: [],
  };
  return {
    participant_id: 'me',
    participants: [person('ann'), person('me')],
    settings: noLocks,
    ice_servers: [],
    playback: null,
    playback_state,
    state: { spotlight: '', broadcasting: '', breakouts: null },
    polls: [],
    lobby: [],
    captions_wanted: false,
    post_id: null,
    server_time_ms: 0,
    ...more,
  };
}
