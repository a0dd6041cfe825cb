import type { Comment, List, Message, Post, Reaction } from './wire.gen';

/** How many entries are asked for at a time. */
export const PAGE = 30;

/** Comments are listed from the oldest; what comes before an id that none can reach begins with the newest. */
export const BEYOND = 'ffffffff-ffff-7fff-bfff-ffffffffffff';

/** How many entries a stream keeps: what lies farther from where one reads is asked for again when one goes there. */
export const WINDOW = 150;

/** How many deletions a stream remembers, against late answers that still show what is gone. */
const REMEMBERED = 100;

/**
 * A window onto a channel's posts, a post's comments or a conversation's messages: oldest first and without a gap. Ids are
 * UUIDv7, so their order is the order of creation.
 */
export interface Stream<T> {
  items: T[];
  /** Cursor of what is older; null when the beginning is here. */
  older: string | null;
  /** Cursor of what is newer; null when the newest is here, and what is written next belongs at the end. */
  newer: string | null;
  /** Ids that were deleted lately. */
  gone: string[];
}

interface Item {
  id: string;
  edited_at: string | null;
}

/** A page that runs from new to old, as the newest window. */
export function toStream<T>(page: List<T>): Stream<T> {
  return { items: page.items.toReversed(), older: page.next_cursor, newer: null, gone: [] };
}

/**
 * Puts an entry where its id belongs, or in the place of its older state. One outside the window belongs to a page that is
 * not here, and one that was deleted stays so: both are left out.
 */
export function mergeEntry<T extends Item>(stream: Stream<T>, entry: T): void {
  const { items } = stream;
  let at = items.length;
  while (at > 0 && (items[at - 1] as T).id > entry.id) at -= 1;
  const known = items[at - 1];
  if (known?.id === entry.id) {
    if ((entry.edited_at ?? '') >= (known.edited_at ?? '')) items[at - 1] = entry;
    return;
  }
  if (stream.gone.includes(entry.id)) return;
  if (at === 0 && stream.older !== null) return;
  if (at === items.length && stream.newer !== null) return;
  items.splice(at, 0, entry);
}

/** Takes an entry out, for good. */
export function dropEntry(stream: Stream<Item>, id: string): void {
  removeById(stream.items, id);
  if (stream.gone.includes(id)) return;
  stream.gone.push(id);
  if (stream.gone.length > REMEMBERED) stream.gone.shift();
}

/** Puts a page before the window, whose cursor it was asked with, and lets go of what is then too far at the other end. */
export function prepend<T extends Item>(stream: Stream<T>, older: T[], next: string | null): void {
  stream.items.unshift(...present(stream, older));
  stream.older = next;
  if (stream.items.length <= WINDOW) return;
  stream.items.length = WINDOW;
  stream.newer = stream.items.at(-1)?.id ?? null;
}

/** Puts a page behind the window. */
export function append<T extends Item>(stream: Stream<T>, newer: T[], next: string | null): void {
  const last = stream.items.at(-1)?.id ?? '';
  stream.items.push(...present(stream, newer).filter((item) => item.id > last));
  stream.newer = next;
  trimOlder(stream);
}

/** Lets go of what is too long ago, when one is at the end. */
export function trimOlder<T extends Item>(stream: Stream<T>): void {
  if (stream.items.length <= WINDOW) return;
  stream.items.splice(0, stream.items.length - WINDOW);
  stream.older = stream.items[0]?.id ?? null;
}

function present<T extends Item>(stream: Stream<T>, page: T[]): T[] {
  return page.filter((item) => !stream.gone.includes(item.id));
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

export type ChannelEntry = Post | Comment;

export type Entry = ChannelEntry | Message;

export function isMessage(entry: Entry): entry is Message {
  return 'conversation_id' in entry;
}

export function isComment(entry: Entry): entry is Comment {
  return 'post_id' in entry;
}
