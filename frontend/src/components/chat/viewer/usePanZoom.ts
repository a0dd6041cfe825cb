import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

const MAX_ZOOM = 8;
/** How far a finger moves to turn to the next picture, in CSS pixels. */
const SWIPE = 60;

interface View {
  scale: number;
  x: number;
  y: number;
}

const whole: View = { scale: 1, x: 0, y: 0 };

interface PanZoom {
  surface: RefObject<HTMLDivElement | null>;
  transform: string;
  zoomed: boolean;
  zoomBy: (factor: number) => void;
  reset: () => void;
}

/** Moving and enlarging a picture by wheel, double click, one finger or two; swiping when it is whole. Each begins whole. */
export function usePanZoom(pictureId: string, onSwipe: (by: number) => void): PanZoom {
  const surface = useRef<HTMLDivElement>(null);
  const [{ of, view: kept }, setKept] = useState({ of: pictureId, view: whole });
  const view = of === pictureId ? kept : whole;
  const swipe = useRef(onSwipe);
  swipe.current = onSwipe;

  const current = useRef(pictureId);
  current.current = pictureId;
  const setView = useCallback((change: (before: View) => View) => {
    setKept(({ of, view }) => ({ of: current.current, view: change(of === current.current ? view : whole) }));
  }, []);

  const zoomAt = useCallback(
    (factor: number, x: number, y: number) =>
      setView((before) => {
        const scale = Math.max(1, Math.min(MAX_ZOOM, before.scale * factor));
        if (scale === 1) return whole;
        const by = scale / before.scale;
        return { scale, x: x - (x - before.x) * by, y: y - (y - before.y) * by };
      }),
    [setView],
  );

  useEffect(() => {
    const element = surface.current;
    if (!element) return;
    const pointers = new Map<number, { x: number; y: number }>();
    let begun = { x: 0, y: 0 };
    let scale = 1;
    // From the middle, as transforms count.
    const place = (event: { clientX: number; clientY: number }) => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
    };
    const spread = () => {
      const [a, b] = [...pointers.values()];
      return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
    };
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { x, y } = place(event);
      zoomAt(Math.exp(-event.deltaY / 300), x, y);
    };
    const onDown = (event: PointerEvent) => {
      element.setPointerCapture(event.pointerId);
      const at = place(event);
      if (pointers.size === 0) begun = at;
      pointers.set(event.pointerId, at);
      setView((now) => {
        scale = now.scale;
        return now;
      });
    };
    const onMove = (event: PointerEvent) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const at = place(event);
      const apart = spread();
      pointers.set(event.pointerId, at);
      if (pointers.size === 2 && apart > 0) return zoomAt(spread() / apart, at.x, at.y);
      setView((now) => (now.scale === 1 ? now : { ...now, x: now.x + at.x - before.x, y: now.y + at.y - before.y }));
    };
    const onUp = (event: PointerEvent) => {
      const at = pointers.get(event.pointerId);
      const alone = pointers.size === 1;
      pointers.delete(event.pointerId);
      if (!at || !alone || scale > 1) return;
      const moved = at.x - begun.x;
      if (Math.abs(moved) > SWIPE && Math.abs(moved) > 1.5 * Math.abs(at.y - begun.y)) swipe.current(moved < 0 ? 1 : -1);
    };
    const onDouble = (event: MouseEvent) => {
      const { x, y } = place(event);
      setView((now) => (now.scale > 1 ? whole : { scale: 2.5, x: -x * 1.5, y: -y * 1.5 }));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onUp);
    element.addEventListener('dblclick', onDouble);
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onUp);
      element.removeEventListener('dblclick', onDouble);
    };
  }, [setView, zoomAt]);

  return {
    surface,
    transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
    zoomed: view.scale > 1,
    zoomBy: (factor) => zoomAt(factor, 0, 0),
    reset: () => setView(() => whole),
  };
}
