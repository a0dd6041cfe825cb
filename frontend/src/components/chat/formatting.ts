/** Replaces part of a field as typing does: the browser's undo knows it, and React hears of it. */
export function typeInto(field: HTMLTextAreaElement, from: number, to: number, text: string): void {
  field.focus();
  field.setSelectionRange(from, to);
  // No other way of changing a field keeps its undo; where it is missing, the text still gets there.
  const typed = typeof document.execCommand === 'function' && document.execCommand(text === '' ? 'delete' : 'insertText', false, text);
  if (typed) return;
  field.setRangeText(text, from, to, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

export type Mark = '**' | '_' | '`' | '~~';

export interface Edit {
  from: number;
  to: number;
  text: string;
  /** What is selected afterwards. */
  select: [number, number];
}

/** Puts marks around what is selected, or takes them away where they are. Code of several lines becomes a block. */
export function toggleMark(text: string, start: number, end: number, mark: Mark): Edit {
  const selected = text.slice(start, end);
  if (mark === '`' && selected.includes('\n')) {
    const block = `\`\`\`\n${selected}\n\`\`\``;
    return { from: start, to: end, text: block, select: [start + 3, start + 3] };
  }
  const outer = text.slice(start - mark.length, start) === mark && text.slice(end, end + mark.length) === mark;
  if (outer) return { from: start - mark.length, to: end + mark.length, text: selected, select: [start - mark.length, end - mark.length] };
  return { from: start, to: end, text: `${mark}${selected}${mark}`, select: [start + mark.length, end + mark.length] };
}

/** Makes a link of what is selected; the address is what one types next. */
export function makeLink(text: string, start: number, end: number): Edit {
  const selected = text.slice(start, end);
  if (/^https?:\/\/\S+$/.test(selected)) return { from: start, to: end, text: `[](${selected})`, select: [start + 1, start + 1] };
  const address = start + selected.length + 3;
  return { from: start, to: end, text: `[${selected}](https://)`, select: selected ? [address, address + 8] : [start + 1, start + 1] };
}

/** The change that a key with Ctrl or ⌘ makes, or null. */
export function formatOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): Mark | 'link' | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (event.shiftKey) return key === 'x' ? '~~' : key === 'u' ? 'link' : null;
  return key === 'b' ? '**' : key === 'i' ? '_' : key === 'e' ? '`' : null;
}
