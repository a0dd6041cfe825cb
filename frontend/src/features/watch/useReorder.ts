import { type KeyboardEvent, type PointerEvent, type RefObject, useRef, useState } from 'react';
import { indexAt, moved } from './reorder';

interface Handle {
  onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  onPointerUp: () => void;
  onPointerCancel: () => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

interface Reorder {
  list: RefObject<HTMLUListElement | null>;
  dragged: string | null;
  /** Where an entry is shown now. */
  placeOf: (id: string) => number;
  /** For the grip of an entry: drag, or the arrow keys. */
  handle: (id: string) => Handle;
}

/**
 * Lets rows be put in order by mouse, finger or keyboard. While one is dragged only the shown places change (CSS `order`): an
 * element that moves in the document would lose the pointer.
 */
export function useReorder(entries: { id: string }[], onMove: (id: string, index: number) => void): Reorder {
  const list = useRef<HTMLUListElement>(null);
  const [drag, setDrag] = useState<{ id: string; index: number } | null>(null);
  const shown = drag ? moved(entries, drag.id, drag.index) : entries;
  const indexOf = (id: string) => entries.findIndex((entry) => entry.id === id);

  const handle = (id: string): Handle => ({
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ id, index: indexOf(id) });
    },
    onPointerMove: (event) => {
      if (drag?.id !== id || !list.current) return;
      const others = [...list.current.querySelectorAll<HTMLElement>('[data-row]')].filter((row) => row.dataset.row !== id);
      const middles = others.map((row) => row.getBoundingClientRect()).map(({ top, height }) => top + height / 2);
      const index = indexAt(middles, event.clientY);
      if (index !== drag.index) setDrag({ id, index });
    },
    onPointerUp: () => {
      if (drag && drag.index !== indexOf(drag.id)) onMove(drag.id, drag.index);
      setDrag(null);
    },
    onPointerCancel: () => setDrag(null),
    onKeyDown: (event) => {
      const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
      const index = indexOf(id) + by;
      if (by === 0 || index < 0 || index >= entries.length) return;
      event.preventDefault();
      onMove(id, index);
    },
  });

  return { list, dragged: drag?.id ?? null, placeOf: (id) => shown.findIndex((entry) => entry.id === id), handle };
}
