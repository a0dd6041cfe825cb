import type { Meeting, MeetingDoor, Profile } from '@/api/wire.gen';

/** A meeting as one sees it from outside, from within its channel or from before its door. */
export interface MeetingPlace {
  meetingId: string;
  /** Null for somebody who is not in the channel: they knock. */
  channelId: string | null;
  /** Of the door; members know it from their channels. */
  channelName: string | null;
  host: Profile;
  /** How many are in; null where that is not said. */
  people: number | null;
  ended: boolean;
}

export function placeOf(meeting: Meeting | undefined, door: MeetingDoor | undefined): MeetingPlace | null {
  if (meeting) {
    const { id, channel_id, host, participant_count, ended_at } = meeting;
    return { meetingId: id, channelId: channel_id, channelName: null, host, people: participant_count, ended: ended_at !== null };
  }
  if (!door) return null;
  return { meetingId: door.id, channelId: null, channelName: door.channel_name, host: door.host, people: null, ended: door.ended_at !== null };
}
