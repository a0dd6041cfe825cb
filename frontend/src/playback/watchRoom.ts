import type { Participant } from '@/api/wire.gen';
import type { Lesson } from './lesson';
import type { WatchSession } from './watchSession';

/** What a meeting's room hands to everything that shows its playback. */
export interface WatchRoom {
  session: WatchSession;
  lesson: Lesson;
  channelId: string;
  participants: Participant[];
  /** One's own participant id. */
  me: string | null;
  teacher: boolean;
}
