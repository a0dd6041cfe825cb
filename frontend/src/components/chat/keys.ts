/**
 * Whether a key press sends: Enter alone, and never while an input method composes (Safari reports the closing Enter only
 * by key code 229). On a touch keyboard Enter makes a new line, since Shift is out of reach there.
 */
export function sends(event: KeyboardEvent, touch = matchMedia('(pointer: coarse)').matches): boolean {
  if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return false;
  return !touch && !event.isComposing && event.keyCode !== 229;
}
