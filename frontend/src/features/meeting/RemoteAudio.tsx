import { Sound } from '@/components/media/Sound';
import { rememberedDevice } from '@/media/devices';
import { useRoomViewPart } from './roomView';
import { useMeetingPart } from './sessions';

interface RemoteAudioProps {
  /** Changes with every tap on "Turn on sound": plays again. */
  attempt: number;
  onBlocked: () => void;
}

/** Everybody else's sound, one hidden element per media line: it plays on when the server passes the line on to somebody else. */
export function RemoteAudio({ attempt, onBlocked }: RemoteAudioProps) {
  const remote = useMeetingPart((room) => room.remote);
  const volumes = useRoomViewPart((view) => view.volumes);
  const speaker = rememberedDevice('speaker') ?? '';
  const sounds = remote.filter(({ source }) => source === 'microphone' || source === 'screen_audio');
  return sounds.map(({ mid, participantId, source, track }) => (
    <Sound
      key={mid}
      ownerId={participantId}
      volume={source === 'screen_audio' ? (volumes[participantId] ?? 1) : 1}
      {...{ source, track, speaker, attempt, onBlocked }}
    />
  ));
}
