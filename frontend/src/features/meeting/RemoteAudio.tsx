import { Sound } from '@/components/media/Sound';
import { rememberedDevice } from '@/media/devices';
import type { RemoteMedia } from '@/media/subscriber';

interface RemoteAudioProps {
  media: RemoteMedia[];
  /** Changes with every tap on "Turn on sound": plays again. */
  attempt: number;
  onBlocked: () => void;
}

/** Everybody else's sound, one hidden element per track. */
export function RemoteAudio({ media, attempt, onBlocked }: RemoteAudioProps) {
  const speaker = rememberedDevice('speaker') ?? '';
  const sounds = media.filter(({ source }) => source === 'microphone' || source === 'screen_audio');
  return sounds.map(({ participantId, source, track }) => (
    <Sound key={`${participantId} ${source}`} ownerId={participantId} {...{ source, track, speaker, attempt, onBlocked }} />
  ));
}
