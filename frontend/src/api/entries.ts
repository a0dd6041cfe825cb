import type { Comment, Post, Reaction } from './wire.gen';

/**
 * A stretch of a channel's posts or of a post's comments, oldest first and without a gap up to the newest. Ids are
 * UUIDv7, so their order is the order of creation.
 */
export interface Stream<T> {
  items: T[];
  /** Cursor of what is older; null when the beginning is here. */
  older: string | null;
  /** After a lost connection: the newest id known before it. What came later may lack neighbours until the next refresh. */
  gapAfter?: string;
}

/** Puts an entry where its id belongs, replacing the one with the same id. */
export function mergeEntry<T extends { id: string }>(items: T[], entry: T): void {
  let at = items.length;
  while (at > 0 && (items[at - 1] as T).id > entry.id) at -= 1;
  if (at > 0 && (items[at - 1] as T).id === entry.id) items[at - 1] = entry;
  else items.splice(at, 0, entry);
}

export function removeById(items: { id: string }[], id: string): boolean {
  const at = items.findIndex((item) => item.id === id);
  if (at >= 0) items.splice(at, 1);
  return at >= 0;
}

/** Adds or removes one person's emoji, keeping the order in which the emoji first appeared. */
export function toggleReaction(reactions: Reaction[], emoji: string, userId: string, on: boolean): void {
  const at = reactions.findIndex((reaction) => reaction.emoji === emoji);
  const found = reactions[at];
  if (!found) {
    if (on) reactions.push({ emoji, user_ids: [userId] });
    return;
  }
  found.user_ids = found.user_ids.filter((id) => id !== userId);
  if (on) found.user_ids.push(userId);
  if (found.user_ids.length === 0) reactions.splice(at, 1);
}

export type Entry = Post | Comment;

export function isComment(entry: Entry): entry is Comment {
  return 'post_id' in entry;
}

/**
 * Brings a stream up to date with the newest page: what the page covers is as the page says, what is older stays, and so
 * does what arrived while the page was on its way. A page that does not reach back to what is here leaves a gap, so it
 * replaces everything.
 */
export function refreshStream<T extends { id: string }>(stream: Stream<T>, page: Stream<T>): Stream<T> {
  const first = page.items[0]?.id;
  const last = page.items.at(-1)?.id;
  const known = stream.gapAfter ?? stream.items.at(-1)?.id;
  if (first === undefined || last === undefined || known === undefined) return page;
  const newer = stream.items.filter((item) => item.id > last);
  const reaches = page.older === null || first <= known;
  const older = page.older === null || !reaches ? [] : stream.items.filter((item) => item.id < first);
  return { items: [...older, ...page.items, ...newer], older: older.length > 0 ? stream.older : page.older };
}
