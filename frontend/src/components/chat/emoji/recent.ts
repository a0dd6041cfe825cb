const key = 'lectern.emoji.recent';
const KEPT = 12;
const start = ['👍', '❤️', '😂', '🎉', '🙏', '✅', '👀', '🔥', '😮', '👏', '🤔', '❓'];

/** The emoji that this device used last, filled up with those that everybody uses. */
export function recentEmoji(): string[] {
  let used: string[] = [];
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    if (Array.isArray(stored)) used = stored.filter((one): one is string => typeof one === 'string' && one.length <= 40);
  } catch {
    // What somebody else wrote there is no list.
  }
  return [...new Set([...used, ...start])].slice(0, KEPT);
}

export function rememberEmoji(emoji: string): void {
  try {
    localStorage.setItem(key, JSON.stringify([emoji, ...recentEmoji().filter((one) => one !== emoji)].slice(0, KEPT)));
  } catch {
    // A full storage costs the habit only.
  }
}
