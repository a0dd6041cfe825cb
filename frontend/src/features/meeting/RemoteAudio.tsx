import { useEffect, useRef } from 'react';
import { canChooseSpeaker, rememberedDevice } from '@/media/devices';
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
    <Sound key={`${participantId} ${source}`} {...{ participantId, source, track, speaker, attempt, onBlocked }} />
  ));
}

interface SoundProps extends Pick<RemoteMedia, 'participantId' | 'source' | 'track'>, Omit<RemoteAudioProps, 'media'> {
  speaker: string;
}

function Sound({ participantId, source, track, speaker, attempt, onBlocked }: SoundProps) {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const element = audio.current;
    if (!element) return;
    element.srcObject = new MediaStream([track]);
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  useEffect(() => {
    audio.current?.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') onBlocked();
    });
  }, [track, attempt, onBlocked]);
  useEffect(() => {
    if (canChooseSpeaker) void audio.current?.setSinkId(speaker).catch(() => undefined);
  }, [speaker]);
  return <audio ref={audio} data-participant-id={participantId} data-source={source} />;
}
