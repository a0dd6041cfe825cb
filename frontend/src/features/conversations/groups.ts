import type { Message } from '@/api/wire.gen';
import type { Row } from '@/components/stream/rows';

/** Messages that one person writes within a minute stand together. */
export function together(a: Row<Message> | undefined, b: Row<Message> | undefined): boolean {
  if (!a || !b || a.mine !== b.mine || isCall(a) || isCall(b)) return false;
  if (a.kind === 'entry' && b.kind === 'entry' && a.entry.author.id !== b.entry.author.id) return false;
  return a.at.slice(0, 16) === b.at.slice(0, 16);
}

function isCall(row: Row<Message>): boolean {
  return row.kind === 'entry' && row.entry.call !== undefined;
}

export type Mark = 'read' | 'delivered' | 'sent';

/** How far one's own message got. Ids are in order of creation. Null where the marks are switched off. */
export function markOf(id: string, readId: string | null, deliveredId: string | null): Mark | null {
  if (readId === null && deliveredId === null) return null;
  if (readId !== null && id <= readId) return 'read';
  return deliveredId !== null && id <= deliveredId ? 'delivered' : 'sent';
}
