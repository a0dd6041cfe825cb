/** Whether a key press belongs to text being written or composed, or to a field that uses keys itself. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (event.isComposing || event.keyCode === 229) return true;
  return target instanceof HTMLElement && (target.isContentEditable || target.closest('input:not([type="range"]), textarea, select, [role="menu"], [role="listbox"]') !== null);
}

/** Whether Space would press a control that was reached by keyboard. One that was only clicked does not keep the key. */
export function isPressing(event: KeyboardEvent): boolean {
  const control = event.target instanceof HTMLElement ? event.target.closest('button, a[href], summary, [role="button"]') : null;
  return control !== null && control.matches(':focus-visible');
}

/** A plain key, without the modifiers of browser and system shortcuts. */
export function isPlainKey(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event);
}
