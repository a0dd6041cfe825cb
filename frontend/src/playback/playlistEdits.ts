import type { PlaybackEdit, PlaybackItem, Playlist, PlaylistEntry } from '@/api/wire.gen';

/** A place in a list, named by its neighbours, so that it keeps its meaning when somebody else changes the list. */
export interface Place {
  /** The entry before it; null at the beginning. */
  after: string | null;
  /** The entry behind it; null at the end. */
  before: string | null;
}

/** What a teacher wants to change. */
export type PlaylistEdit =
  | { op: 'add'; item: PlaybackItem; title?: string; place?: Place }
  | { op: 'move'; entryId: string; place: Place }
  | { op: 'remove'; entryId: string }
  | { op: 'rename'; entryId: string; title: string }
  | { op: 'auto_next'; autoNext: boolean };

/** The entry that stands in for one that is being added. */
export function pendingId(editId: string): string {
  return `pending:${editId}`;
}

export function isPending(entry: PlaylistEntry): boolean {
  return entry.id.startsWith('pending:');
}

/** The place that an entry has, or would have at an index among the others. */
export function placeAt(entries: PlaylistEntry[], index: number, moved?: string): Place {
  const others = entries.filter((entry) => entry.id !== moved);
  return { after: others[index - 1]?.id ?? null, before: others[index]?.id ?? null };
}

/** The index that a place has among these entries. Where its neighbours are gone, the end. */
export function indexOf(entries: PlaylistEntry[], { after, before }: Place): number {
  if (after === null && before === null) return entries.length;
  const behind = entries.findIndex((entry) => entry.id === before);
  if (after === null) return behind < 0 ? 0 : behind;
  const ahead = entries.findIndex((entry) => entry.id === after);
  if (ahead >= 0) return ahead + 1;
  return behind < 0 ? entries.length : behind;
}

/** The list as it will be after an edit. An edit that has lost its meaning changes nothing. */
export function applyEdit(list: Playlist, edit: PlaylistEdit, editId: string): Playlist {
  const entries = [...list.entries];
  const index = 'entryId' in edit ? entries.findIndex((entry) => entry.id === edit.entryId) : -1;
  switch (edit.op) {
    case 'add': {
      const item = edit.title ? { ...edit.item, title: edit.title } : edit.item;
      entries.splice(edit.place ? indexOf(entries, edit.place) : entries.length, 0, { id: pendingId(editId), item, problem: '' });
      return { ...list, entries };
    }
    case 'move': {
      const [entry] = index < 0 ? [] : entries.splice(index, 1);
      if (entry) entries.splice(indexOf(entries, edit.place), 0, entry);
      return { ...list, entries };
    }
    case 'remove':
      return { ...list, entries: entries.filter((entry) => entry.id !== edit.entryId) };
    case 'rename':
      return { ...list, entries: entries.map((entry) => (entry.id === edit.entryId ? { ...entry, item: { ...entry.item, title: edit.title } } : entry)) };
    case 'auto_next':
      return { ...list, auto_next: edit.autoNext };
  }
}

/**
 * The command that makes an edit in the list as it is now, whoever changed it meanwhile; null when there is nothing left to
 * do, because the entry is gone.
 */
export function editCommand(list: Playlist, edit: PlaylistEdit, id: string): PlaybackEdit | null {
  const base = { channel_id: list.channel_id, id, base_v: list.v };
  const gone = 'entryId' in edit && !list.entries.some((entry) => entry.id === edit.entryId);
  if (gone) return null;
  switch (edit.op) {
    case 'add':
      return {
        ...base,
        op: 'add',
        item: edit.item,
        ...(edit.title && { title: edit.title }),
        ...(edit.place && { to: indexOf(list.entries, edit.place) }),
      };
    case 'move':
      return { ...base, op: 'move', entry_id: edit.entryId, to: indexOf(list.entries.filter((entry) => entry.id !== edit.entryId), edit.place) };
    case 'remove':
      return { ...base, op: 'remove', entry_id: edit.entryId };
    case 'rename':
      return { ...base, op: 'rename', entry_id: edit.entryId, title: edit.title };
    case 'auto_next':
      return { ...base, op: 'auto_next', auto_next: edit.autoNext };
  }
}
