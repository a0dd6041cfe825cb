import { useMemo } from 'react';
import type { Participant } from '@/api/wire.gen';
import type { RemoteMedia } from '@/media/subscriber';
import { useLocalMedia, useMeetingState } from './sessions';

export interface Person {
  participant: Participant;
  self: boolean;
  camera: MediaStreamTrack | null;
  screen: MediaStreamTrack | null;
  paused: boolean;
  speaking: boolean;
}

/** Everyone in the room with the pictures they send; oneself last, as one knows it here and now. */
export function usePeople(): Person[] {
  const { participants, remote, me, muted, handRaised, speakers } = useMeetingState();
  const { camera, screen, microphone } = useLocalMedia();
  return useMemo(() => {
    const people = participants
      .filter((participant) => participant.participant_id !== me)
      .map((participant): Person => {
        const id = participant.participant_id;
        const sent = find(remote, id, 'camera');
        return {
          participant,
          self: false,
          camera: participant.video_on ? (sent?.track ?? null) : null,
          screen: participant.screen_sharing ? (find(remote, id, 'screen')?.track ?? null) : null,
          paused: sent?.paused ?? false,
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
        paused: false,
        speaking: !silent && me !== null && speakers.includes(me),
      });
    }
    return people;
  }, [participants, remote, me, muted, handRaised, speakers, camera.track, screen, microphone.track]);
}

function find(remote: RemoteMedia[], id: string, source: RemoteMedia['source']): RemoteMedia | undefined {
  return remote.find((media) => media.participantId === id && media.source === source);
}
