import { useMemo } from 'react';
import type { Participant } from '@/api/wire.gen';
import type { Quality } from '@/media/quality';
import type { RemoteMedia } from '@/media/subscriber';
import { useLocalMedia, useMeetingPart } from './sessions';

export interface Person {
  participant: Participant;
  self: boolean;
  camera: MediaStreamTrack | null;
  screen: MediaStreamTrack | null;
  /** The shared screen has sound. */
  screenSound: boolean;
  /** The server holds the picture back: the connection here cannot carry it. */
  paused: { camera: boolean; screen: boolean };
  quality: Quality | null;
}

export interface People {
  /** The others of one's own room, as the server lists them. */
  others: Person[];
  /** Oneself, as one knows it here and now. */
  self: Person | null;
}

/** Everyone in the same room of the meeting with the pictures they send. */
export function usePeople(): People {
  const participants = useMeetingPart((room) => room.participants);
  const remote = useMeetingPart((room) => room.remote);
  const me = useMeetingPart((room) => room.me);
  const quality = useMeetingPart((room) => room.quality);
  const self = useSelf(me, participants, quality);
  const roomId = self?.participant.room_id ?? '';
  const others = useMemo(
    () =>
      participants
        .filter((participant) => participant.participant_id !== me && participant.room_id === roomId)
        .map((participant): Person => {
          const id = participant.participant_id;
          const sentCamera = find(remote, id, 'camera');
          const sentScreen = find(remote, id, 'screen');
          return {
            participant,
            self: false,
            camera: participant.video_on ? (sentCamera?.track ?? null) : null,
            screen: participant.screen_sharing ? (sentScreen?.track ?? null) : null,
            screenSound: find(remote, id, 'screen_audio') !== undefined,
            paused: { camera: sentCamera?.paused ?? false, screen: sentScreen?.paused ?? false },
            quality: quality[id] ?? null,
          };
        }),
    [participants, remote, me, roomId, quality],
  );
  return useMemo(() => ({ others, self }), [others, self]);
}

function useSelf(me: string | null, participants: Participant[], quality: Readonly<Record<string, Quality>>): Person | null {
  const muted = useMeetingPart((room) => room.muted);
  const handRaised = useMeetingPart((room) => room.handRaised);
  const { camera, screen, microphone } = useLocalMedia();
  const own = participants.find((participant) => participant.participant_id === me);
  const silent = muted || !microphone.track;
  const ownQuality = own ? (quality[own.participant_id] ?? null) : null;
  return useMemo(
    () =>
      own
        ? {
            participant: { ...own, muted: silent, hand_raised: handRaised, video_on: camera.track !== null, screen_sharing: screen !== null },
            self: true,
            camera: camera.track,
            screen: screen?.video ?? null,
            screenSound: screen?.audio != null,
            paused: { camera: false, screen: false },
            quality: ownQuality,
          }
        : null,
    [own, silent, handRaised, camera.track, screen, ownQuality],
  );
}

function find(remote: RemoteMedia[], id: string, source: RemoteMedia['source']): RemoteMedia | undefined {
  return remote.find((media) => media.participantId === id && media.source === source);
}
