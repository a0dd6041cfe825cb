import { useEffect, useRef } from 'react';
import type { TrackSourceName } from '@/api/wire.gen';
import { canChooseSpeaker } from '@/media/devices';

interface SoundProps {
  track: MediaStreamTrack;
  source: TrackSourceName;
  /** Whose it is. */
  ownerId: string;
  /** The id of the output; empty for the system's choice. */
  speaker: string;
  /** From 0 to 1. */
  volume?: number;
  /** Changes with every tap on "Turn on sound": plays again. */
  attempt: number;
  onBlocked: () => void;
}

/** One live sound, in a hidden element. */
export function Sound({ track, source, ownerId, speaker, volume = 1, attempt, onBlocked }: SoundProps) {
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
    const play = () => {
      audio.current?.play().catch((error: unknown) => {
        if (error instanceof DOMException && error.name === 'NotAllowedError') onBlocked();
      });
    };
    // A phone that was locked has paused it.
    const onVisible = () => {
      if (document.visibilityState === 'visible' && audio.current?.paused) play();
    };
    play();
    document.addEventListener('visibilitychange', onVisible);
    return () => document.removeEventListener('visibilitychange', onVisible);
  }, [track, attempt, onBlocked]);
  useEffect(() => {
    if (canChooseSpeaker) void audio.current?.setSinkId(speaker).catch(() => undefined);
  }, [speaker]);
  useEffect(() => {
    if (audio.current) audio.current.volume = volume;
  }, [volume]);
  return <audio ref={audio} data-participant-id={ownerId} data-source={source} />;
}
