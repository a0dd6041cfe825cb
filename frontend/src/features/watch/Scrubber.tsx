import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '@/components/clockTime';
import { bands, layMarks, type Mark, markNear, percentOf } from './scrubbing';
import classes from './scrubber.module.css';

interface ScrubberProps {
  position: number;
  duration: number | null;
  buffered: [number, number][];
  marks: Mark[];
  /** Absent where one only watches. */
  onSeek?: ((to: number) => void) | undefined;
  /** What lies behind the track, over the same width. */
  children?: ReactNode;
}

/** Arrow keys on the slider itself, in seconds. */
const STEP_S = 5;
/** Half of the thumb: the track begins and ends under the thumb's middle. */
const INSET_PX = 8;

/** The video's length with what is loaded, played and marked on it. It previews while dragged and seeks once, on release: the class follows every seek. */
export function Scrubber({ position, duration, buffered, marks, onSeek, children }: ScrubberProps) {
  const { t } = useTranslation('watch');
  const [dragged, setDragged] = useState<number | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const { ref, width } = useElementSize();
  const length = duration ?? 0;
  const shown = Math.min(dragged ?? position, length);
  const previewed = dragged ?? pointed;
  const near = previewed === null ? undefined : markNear(marks, previewed, length, width);
  const valueText = t('positionText', { position: clockTime(shown), duration: clockTime(length) });

  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const part = (event.clientX - box.left - INSET_PX) / (box.width - 2 * INSET_PX);
    setPointed(length > 0 ? Math.min(1, Math.max(0, part)) * length : null);
  };

  return (
    <div className={classes.scrubber} onPointerMove={onPointerMove} onPointerLeave={() => setPointed(null)}>
      {children}
      <div ref={ref} className={classes.rail} aria-hidden>
        {bands(buffered, length).map(({ from, width: part }) => (
          <span key={from} className={classes.loaded} style={{ left: `${from}%`, width: `${part}%` }} />
        ))}
        <span className={classes.played} style={{ width: `${percentOf(shown, length)}%` }} />
        {layMarks(marks, length, width).map(({ id, kind, percent, count }) => (
          <span key={id} className={classes.mark} data-kind={kind} data-many={count > 1 || undefined} data-near={near?.id === id || undefined} style={{ left: `${percent}%` }} />
        ))}
        {previewed !== null && (
          <span className={classes.bubble} style={{ left: `clamp(36px, ${percentOf(near?.at ?? previewed, length)}%, calc(100% - 36px))` }}>
            {near && <span className={classes.bubbleText}>{near.text}</span>}
            <span className={classes.bubbleTime}>{clockTime(near?.at ?? previewed)}</span>
          </span>
        )}
      </div>
      {onSeek ? (
        <Slider
          value={shown}
          length={length}
          disabled={duration === null}
          valueText={valueText}
          onDrag={setDragged}
          onRelease={(to) => {
            setDragged(null);
            // The keyboard sets exact places; only a pointer means the mark beside it.
            onSeek(pointed === null ? to : (markNear(marks, to, length, width)?.at ?? to));
          }}
          onStep={onSeek}
        />
      ) : (
        <div
          className={classes.progress}
          role="progressbar"
          aria-label={t('position')}
          aria-valuemin={0}
          aria-valuemax={Math.round(length)}
          aria-valuenow={Math.round(shown)}
          aria-valuetext={valueText}
        />
      )}
    </div>
  );
}

interface SliderProps {
  value: number;
  length: number;
  disabled: boolean;
  valueText: string;
  onDrag: (to: number) => void;
  onRelease: (to: number) => void;
  onStep: (to: number) => void;
}

function Slider({ value, length, disabled, valueText, onDrag, onRelease, onStep }: SliderProps) {
  const { t } = useTranslation('watch');
  const input = useRef<HTMLInputElement>(null);
  const released = useRef(onRelease);
  useEffect(() => {
    released.current = onRelease;
  });

  // React's onChange is the native input event; only the native change event tells the release.
  useEffect(() => {
    const element = input.current;
    const release = () => element && released.current(Number(element.value));
    element?.addEventListener('change', release);
    return () => element?.removeEventListener('change', release);
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    const targets: Record<string, number> = {
      ArrowLeft: value - STEP_S,
      ArrowDown: value - STEP_S,
      ArrowRight: value + STEP_S,
      ArrowUp: value + STEP_S,
      PageDown: value - length / 10,
      PageUp: value + length / 10,
      Home: 0,
      End: length,
    };
    const to = targets[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    onStep(Math.min(length, Math.max(0, to)));
  };

  return (
    <input
      ref={input}
      className={classes.input}
      type="range"
      aria-label={t('position')}
      aria-valuetext={valueText}
      min={0}
      max={length}
      step={0.1}
      disabled={disabled}
      value={value}
      onChange={(event) => onDrag(Number(event.currentTarget.value))}
      onKeyDown={onKeyDown}
    />
  );
}
