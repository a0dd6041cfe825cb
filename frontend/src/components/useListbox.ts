import { type KeyboardEvent, type MouseEvent, useEffect, useId, useState } from 'react';

interface Listbox {
  /** The row that Enter takes. */
  active: number;
  inputProps: object;
  listProps: object;
  optionProps: (index: number) => object;
}

/**
 * A field with a list of choices under it, as ARIA's combobox describes it: the focus stays in the field, the arrows move
 * through the rows, Enter takes one. A key that belongs to an input method is left to it. `list` says which rows are shown:
 * when it changes, the first one is active again.
 */
export function useListbox(count: number, onPick: (index: number) => void, list: string): Listbox {
  const id = useId();
  const [at, setAt] = useState({ list, index: 0 });
  const index = at.list === list ? Math.min(at.index, count - 1) : 0;
  const active = count === 0 ? -1 : Math.max(0, index);
  const move = (to: number) => setAt({ list, index: (to + count) % count });
  const optionId = (n: number) => `${id}-${n}`;

  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, active]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229 || count === 0) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowDown') move(active + 1);
    else if (event.key === 'ArrowUp') move(active - 1);
    else if (event.key === 'PageDown') move(Math.min(count - 1, active + 8));
    else if (event.key === 'PageUp') move(Math.max(0, active - 8));
    else if (event.key === 'Enter') onPick(active);
    else return;
    event.preventDefault();
  };

  return {
    active,
    inputProps: {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': count > 0,
      'aria-controls': id,
      'aria-activedescendant': active >= 0 ? optionId(active) : undefined,
      autoComplete: 'off',
      onKeyDown,
    },
    listProps: { id, role: 'listbox' },
    optionProps: (n) => ({
      id: optionId(n),
      role: 'option',
      'aria-selected': n === active,
      onMouseMove: () => n !== active && setAt({ list, index: n }),
      onMouseDown: (event: MouseEvent) => event.preventDefault(), // the field keeps the focus
      onClick: () => onPick(n),
    }),
  };
}
