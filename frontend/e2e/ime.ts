import type { CDPSession } from '@playwright/test';

/**
 * Composes a word as an input method does: its reading shows step by step, Enter picks, and the word takes its place. The
 * Enter reaches the page with key code 229, as in every browser; it belongs to the input method.
 */
export async function compose(keyboard: CDPSession, reading: string, word: string): Promise<void> {
  for (let n = 1; n <= reading.length; n++) {
    await keyboard.send('Input.imeSetComposition', { text: reading.slice(0, n), selectionStart: n, selectionEnd: n });
  }
  await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 });
  await keyboard.send('Input.insertText', { text: word });
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 });
}
