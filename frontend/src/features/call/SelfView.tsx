import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StreamVideo } from '@/components/media/StreamVideo';
import { useCallDevices } from './context';
import classes from './stage.module.css';

interface Corner {
  right: boolean;
  bottom: boolean;
}

/** A push shorter than this is a click, in pixels. */
const STILL = 4;

/** One's own picture as in a mirror, in a corner; it can be dragged, or sent to another corner with the arrow keys. */
export function SelfView() {
  const { t } = useTranslation('call');
  const { camera } = useCallDevices();
  const [corner, setCorner] = useState<Corner>({ right: true, bottom: true });
  const start = useRef<{ x: number; y: number } | null>(null);
  if (!camera.track) return null;

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    start.current = { x: event.clientX, y: event.clientY };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (!start.current) return;
    event.currentTarget.style.translate = `${event.clientX - start.current.x}px ${event.clientY - start.current.y}px`;
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    const from = start.current;
    const around = event.currentTarget.parentElement?.getBoundingClientRect();
    start.current = null;
    event.currentTarget.style.translate = '';
    if (!from || !around || Math.hypot(event.clientX - from.x, event.clientY - from.y) < STILL) return;
    setCorner({ right: event.clientX > around.left + around.width / 2, bottom: event.clientY > around.top + around.height / 2 });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') setCorner((at) => ({ ...at, right: event.key === 'ArrowRight' }));
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') setCorner((at) => ({ ...at, bottom: event.key === 'ArrowDown' }));
    else return;
    event.preventDefault();
  };
  return (
    <div
      className={classes.self}
      role="group"
      aria-label={t('stage.self')}
      tabIndex={0}
      data-right={corner.right || undefined}
      data-bottom={corner.bottom || undefined}
      {...{ onPointerDown, onPointerMove, onPointerUp, onKeyDown }}
      onPointerCancel={onPointerUp}
    >
      <StreamVideo track={camera.track} source="camera" mirrored />
    </div>
  );
}
