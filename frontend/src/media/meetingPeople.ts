import type { Participant, ParticipantQuality } from '@/api/wire.gen';
import { ownParticipant, type Stay } from './meetingSnapshot';
import { withoutParticipant, withParticipant } from './roster';

export interface PeopleListener {
  /** The server says something new of oneself. */
  own(own: Participant): void;
  /** The server has given up on this window's media. */
  lost(): void;
}

/** Who is in the room, and what is known of them: follows the events of the stay. */
export class MeetingPeople {
  private readonly offs: (() => void)[];

  constructor(
    private readonly stay: Stay,
    private readonly listener: PeopleListener,
    inside: () => boolean,
  ) {
    const { socket, meetingId } = stay;
    const ours = <T extends { meeting_id: string }>(handle: (data: T) => void) => (data: T) => {
      if (data.meeting_id === meetingId && inside()) handle(data);
    };
    this.offs = [
      socket.on('meeting.participant_joined', ours((p) => this.onJoined(p))),
      socket.on('meeting.participant_updated', ours((p) => this.onUpdated(p))),
      socket.on('meeting.participant_left', ours(({ participant_id, reason }) => this.onLeft(participant_id, reason))),
      socket.on('meeting.speakers', ours(({ room_id, participant_ids }) => this.onSpeakers(room_id, participant_ids))),
      socket.on('meeting.quality', ours(({ participants }) => this.onQuality(participants))),
    ];
  }

  close(): void {
    for (const off of this.offs.splice(0)) off();
  }

  private get store(): Stay['store'] {
    return this.stay.store;
  }

  private onJoined(participant: Participant): void {
    const { participants, me } = this.store.get();
    const known = participants.some((p) => p.participant_id === participant.participant_id);
    this.store.patch({ participants: withParticipant(participants, participant) });
    if (!known && participant.participant_id !== me) this.stay.notice({ kind: 'joined', user: participant.user });
  }

  private onUpdated(participant: Participant): void {
    const { participants, me } = this.store.get();
    const before = participants.find((p) => p.participant_id === participant.participant_id);
    this.store.patch({ participants: withParticipant(participants, participant) });
    if (participant.participant_id === me) this.listener.own(participant);
    else if (before && this.raisedHere(before, participant)) this.stay.notice({ kind: 'hand', user: participant.user });
  }

  /** A hand in another group's room, and one that was only found again there or here, is no news to this room. */
  private raisedHere(before: Participant, now: Participant): boolean {
    const room = ownParticipant(this.store.get())?.room_id;
    return now.hand_raised && !before.hand_raised && now.room_id === before.room_id && now.room_id === room;
  }

  private onLeft(id: string, reason: string): void {
    const { participants, me, phase } = this.store.get();
    if (id === me) {
      if (reason === 'lost' && phase === 'joined') this.listener.lost();
      return;
    }
    const gone = participants.find((p) => p.participant_id === id);
    this.store.patch({ participants: withoutParticipant(participants, id) });
    if (gone && reason !== 'ended') this.stay.notice({ kind: 'left', user: gone.user });
  }

  /** Each room has its own voices. */
  private onSpeakers(roomId: string, speakers: string[]): void {
    if (roomId === (ownParticipant(this.store.get())?.room_id ?? '')) this.store.patch({ speakers });
  }

  private onQuality(news: ParticipantQuality[]): void {
    const changes = Object.fromEntries(news.map(({ participant_id, quality }) => [participant_id, quality]));
    this.store.patch({ quality: { ...this.store.get().quality, ...changes } });
  }
}
