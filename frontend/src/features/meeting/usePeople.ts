import { useMemo } from 'react';
import type { Participant } from '@/api/wire.gen';
import type { Quality } from '@/media/quality';
import type { RemoteMedia } from '@/media/subscriber';
import { useLocalMedia, useMeetingState } from './sessions';

export interface Person {
  participant: Participant;
  self: boolean;
  camera: MediaStreamTrack | null;
  screen: MediaStreamTrack | null;
  /** The server holds the picture back: the connection here cannot carry it. */
  paused: { camera: boolean; screen: boolean };
  quality: Quality | null;
  speaking: boolean;
}

/** Everyone in the room with the pictures they send; oneself last, as one knows it here and now. */
export function usePeople(): Person[] {
  const { participants, remote, me, muted, handRaised, speakers, quality } = useMeetingState();
  const { camera, screen, microphone } = useLocalMedia();
  return useMemo(() => {
    const people = participants
      .filter((participant) => participant.participant_id !== me)
      .map((participant): Person => {
        const id = participant.participant_id;
        const sentCamera = find(remote, id, 'camera');
        const sentScreen = find(remote, id, 'screen');
        return {
          participant,
          self: false,
          camera: participant.video_on ? (sentCamera?.track ?? null) : null,
          screen: participant.screen_sharing ? (sentScreen?.track ?? null) : null,
          paused: { camera: sentCamera?.paused ?? false, screen: sentScreen?.paused ?? false },
          quality: quality[id] ?? null,
          speaking: speakers.includes(id),
        };
      });
    const own = participants.find((participant) => participant.participant_id === me);
    if (own) {
      const silent = muted || !microphone.track;
      people.push({
        participant: { ...own, muted: silent, hand_raised: handRaised, video_on: camera.track !== null, screen_sharing: screen !== null },
        self: true,
        camera: camera.track,
        screen: screen?.video ?? null,
        paused: { camera: false, screen: false },
        quality: quality[own.participant_id] ?? null,
        speaking: !silent && me !== null && speakers.includes(me),
      });
    }
    return people;
  }, [participants, remote, me, muted, handRaised, speakers, quality, camera.track, screen, microphone.track]);
}

function find(remote: RemoteMedia[], id: string, source: RemoteMedia['source']): RemoteMedia | undefined {
  return remote.find((media) => media.participantId === id && media.source === source);
}
