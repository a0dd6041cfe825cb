import { type CSSProperties, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './watch.module.css';
import { clockTime } from './time';

interface ScrubberProps {
  position: number;
  duration: number | null;
  buffered: [number, number][];
  onSeek: (to: number) => void;
}

/** A slider over the video's length. It previews while dragged and seeks once, on release: the class follows every seek. */
export function Scrubber({ position, duration, buffered, onSeek }: ScrubberProps) {
  const { t } = useTranslation('watch');
  const [dragged, setDragged] = useState<number | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const length = duration ?? 0;
  const shown = Math.min(dragged ?? position, length);

  // React's onChange is the native input event; only the native change event tells the release.
  useEffect(() => {
    const element = input.current;
    const release = () => {
      setDragged(null);
      if (element) onSeek(Number(element.value));
    };
    element?.addEventListener('change', release);
    return () => element?.removeEventListener('change', release);
  }, [onSeek]);

  return (
    <input
      ref={input}
      className={classes.scrubber}
      type="range"
      aria-label={t('position')}
      aria-valuetext={t('positionText', { position: clockTime(shown), duration: clockTime(length) })}
      min={0}
      max={length}
      step={0.1}
      disabled={duration === null}
      value={shown}
      onChange={(event) => setDragged(Number(event.currentTarget.value))}
      style={{ '--track': track(shown, buffered, length) } as CSSProperties}
    />
  );
}

/** The slider's track as a gradient: played, then what is loaded in lighter pieces. */
function track(position: number, buffered: [number, number][], length: number): string {
  if (length <= 0) return 'var(--watch-track)';
  const percent = (seconds: number) => `${((Math.min(seconds, length) / length) * 100).toFixed(2)}%`;
  const stops = [`var(--watch-played) ${percent(position)}`];
  let from = position;
  for (const [start, end] of buffered) {
    if (end <= from) continue;
    const begin = Math.max(start, from);
    stops.push(`var(--watch-track) ${percent(from)} ${percent(begin)}`, `var(--watch-loaded) ${percent(begin)} ${percent(end)}`);
    from = end;
  }
  stops.push(`var(--watch-track) ${percent(from)}`);
  return `linear-gradient(to right, ${stops.join(', ')})`;
}
