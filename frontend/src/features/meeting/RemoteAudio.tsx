import { Sound } from '@/components/media/Sound';
import { rememberedDevice } from '@/media/devices';
import { useMeetingPart } from './sessions';

interface RemoteAudioProps {
  /** Changes with every tap on "Turn on sound": plays again. */
  attempt: number;
  onBlocked: () => void;
}

/** Everybody else's sound, one hidden element per track. */
export function RemoteAudio({ attempt, onBlocked }: RemoteAudioProps) {
  const remote = useMeetingPart((room) => room.remote);
  const speaker = rememberedDevice('speaker') ?? '';
  const sounds = remote.filter(({ source }) => source === 'microphone' || source === 'screen_audio');
  return sounds.map(({ participantId, source, track }) => (
    <Sound key={`${participantId} ${source}`} ownerId={participantId} {...{ source, track, speaker, attempt, onBlocked }} />
  ));
}
