import { type FocusEvent, type KeyboardEvent, type RefObject, useRef, useState } from 'react';

interface Roving {
  /** Key of the row that Tab reaches. */
  active: string | undefined;
  before: RefObject<HTMLSpanElement | null>;
  after: RefObject<HTMLSpanElement | null>;
  handlers: {
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
    onFocus: (event: FocusEvent<HTMLElement>) => void;
    onPointerDown: () => void;
    onPointerUp: () => void;
  };
}

interface Ways {
  keys: string[];
  /** Called for a step beyond the first or the last row. */
  onBefore: () => void;
  onAfter: () => void;
  onEnd: () => void;
}

const rowOf = (target: EventTarget): HTMLElement | null => (target as Element).closest<HTMLElement>('[data-row]');

/**
 * One stop of the Tab key for a whole list: arrows, Home and End go from row to row, Enter opens what can be done with one,
 * Escape comes back from within. The newest row is the first stop.
 */
export function useRoving({ keys, onBefore, onAfter, onEnd }: Ways): Roving {
  const [chosen, setChosen] = useState<string | null>(null);
  const before = useRef<HTMLSpanElement>(null);
  const after = useRef<HTMLSpanElement>(null);
  const pointed = useRef(false);
  const active = chosen !== null && keys.includes(chosen) ? chosen : keys.at(-1);

  const go = (list: Element, key: string | undefined) => {
    if (key === undefined) return;
    setChosen(key);
    list.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`)?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const list = event.currentTarget;
    const row = rowOf(event.target);
    if (!row || event.ctrlKey || event.altKey || event.metaKey || event.nativeEvent.isComposing) return;
    if (event.target !== row) {
      if (event.key === 'Escape' && !event.defaultPrevented) row.focus();
      return;
    }
    const at = keys.indexOf(row.dataset.row ?? '');
    switch (event.key) {
      case 'ArrowUp':
        if (at > 0) go(list, keys[at - 1]);
        else onBefore();
        break;
      case 'ArrowDown':
        if (at < keys.length - 1) go(list, keys[at + 1]);
        else onAfter();
        break;
      case 'Home':
        go(list, keys[0]);
        break;
      case 'End':
        onEnd();
        go(list, keys.at(-1));
        break;
      case 'Enter': {
        const menu = row.querySelector<HTMLElement>('[aria-haspopup="menu"]');
        if (menu) menu.click();
        else row.querySelector<HTMLElement>('a[href], button')?.focus();
        break;
      }
      case 'Tab':
        // Leaves the list instead of going through everything in it; from the edge the browser finds the way on.
        (event.shiftKey ? before : after).current?.focus();
        return;
      default:
        return;
    }
    event.preventDefault();
  };

  /** Who comes in by Tab lands on the row, not on some button at the list's edge. */
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const row = rowOf(event.target);
    if (!row) return;
    const within = event.currentTarget.contains(event.relatedTarget);
    if (within || pointed.current || event.relatedTarget === null) {
      if (row.dataset.row !== undefined) setChosen(row.dataset.row);
    } else if (event.target !== row && !event.target.matches('textarea, input')) {
      // An editor that opens has taken the focus on purpose.
      go(event.currentTarget, active);
    }
  };

  return {
    active,
    before,
    after,
    handlers: {
      onKeyDown,
      onFocus,
      onPointerDown: () => {
        pointed.current = true;
      },
      onPointerUp: () => {
        pointed.current = false;
      },
    },
  };
}
