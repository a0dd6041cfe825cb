import { ActionIcon, UnstyledButton } from '@mantine/core';
import { Pause, Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '../../clockTime';
import classes from './voice.module.css';

const rates = [1, 1.5, 2] as const;

/** The one that plays: starting another one stops it. */
let playing: HTMLAudioElement | null = null;

interface VoicePlayerProps {
  src: string;
  /** In seconds, where it is known: recordings of a browser often do not carry it. */
  duration?: number | undefined;
  onError?: () => void;
}

/** Plays a voice note: where it is, how fast, one at a time. */
export function VoicePlayer({ src, duration: known, onError }: VoicePlayerProps) {
  const { t } = useTranslation('chat');
  const audio = useRef<HTMLAudioElement>(null);
  const [running, setRunning] = useState(false);
  const [at, setAt] = useState(0);
  const [measured, setMeasured] = useState(known ?? 0);
  const [rate, setRate] = useState<(typeof rates)[number]>(1);
  const duration = known ?? measured;

  useEffect(() => {
    const element = audio.current;
    return () => {
      element?.pause();
      if (playing === element) playing = null;
    };
  }, []);

  const toggle = () => {
    const element = audio.current;
    if (!element) return;
    if (!element.paused) return element.pause();
    if (playing !== element) playing?.pause();
    playing = element;
    element.playbackRate = rate;
    void element.play().catch(() => undefined); // a missing file is told by its error event
  };
  const seek = (to: number) => {
    if (audio.current) audio.current.currentTime = to;
    setAt(to);
  };
  const faster = () => {
    const next = rates[(rates.indexOf(rate) + 1) % rates.length] ?? 1;
    setRate(next);
    if (audio.current) audio.current.playbackRate = next;
  };

  return (
    <div className={classes.player} role="group" aria-label={t('voice.note')}>
      <audio
        ref={audio}
        src={src}
        preload="metadata"
        onPlay={() => setRunning(true)}
        onPause={() => setRunning(false)}
        onTimeUpdate={({ currentTarget }) => setAt(currentTarget.currentTime)}
        onEnded={() => seek(0)}
        onError={onError}
        onDurationChange={({ currentTarget: element }) => {
          if (known !== undefined || Number.isNaN(element.duration)) return;
          // Of a recording without an index the browser learns the length only at its end; one that plays is not taken there.
          if (element.duration !== Infinity) {
            if (measured === 0 && element.paused && element.currentTime > 0) element.currentTime = 0;
            setMeasured(element.duration);
          } else if (element.paused) element.currentTime = 1e7;
        }}
      />
      <ActionIcon radius="xl" size={36} variant="filled" onClick={toggle} aria-label={t(running ? 'voice.pause' : 'voice.play')}>
        {running ? <Pause size={17} aria-hidden="true" /> : <Play size={17} aria-hidden="true" />}
      </ActionIcon>
      <input
        className={classes.track}
        type="range"
        min={0}
        max={duration || 1}
        step={0.1}
        value={Math.min(at, duration || 1)}
        onChange={(event) => seek(event.currentTarget.valueAsNumber)}
        aria-label={t('voice.position')}
        aria-valuetext={`${clockTime(at)} / ${clockTime(duration)}`}
        style={{ '--played': `${duration > 0 ? (100 * at) / duration : 0}%` } as React.CSSProperties}
      />
      <span className={classes.time}>{clockTime(running || at > 0 ? at : duration)}</span>
      <UnstyledButton className={classes.rate} onClick={faster} aria-label={t('voice.speed', { rate: `${rate}×` })}>
        {rate}×
      </UnstyledButton>
    </div>
  );
}
