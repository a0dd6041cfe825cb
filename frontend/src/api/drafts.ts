/** What was typed and not yet sent, per account and place, kept over a reload. A place is `channel:<id>` or `post:<id>`. */
const prefix = 'lectern.draft.';

function key(userId: string, place: string): string {
  return `${prefix}${userId}.${place}`;
}

export function loadDraft(userId: string, place: string): string {
  return localStorage.getItem(key(userId, place)) ?? '';
}

export function saveDraft(userId: string, place: string, text: string): void {
  try {
    if (text.trim() === '') localStorage.removeItem(key(userId, place));
    else localStorage.setItem(key(userId, place), text);
  } catch {
    // A full storage costs the draft after a reload, not the text on the screen.
  }
}
