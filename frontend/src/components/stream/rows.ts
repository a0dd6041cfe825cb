import type { Entry } from '@/api/entries';
import type { Outgoing } from '@/api/outgoing';

export type Row<T extends Entry> =
  | { kind: 'entry'; key: string; id: string; at: string; mine: boolean; entry: T }
  | { kind: 'outgoing'; key: string; id: null; at: string; mine: true; item: Outgoing };

/**
 * What the server has, then what is on its way. One's own entry keeps its client id as key, so that the arriving one takes
 * the place of the optimistic one and nothing jumps.
 */
export function rowsOf<T extends Entry>(entries: T[], outgoing: Outgoing[], myId: string): Row<T>[] {
  const rows: Row<T>[] = [];
  const arrived = new Set<string>();
  for (const entry of entries) {
    const mine = entry.author.id === myId;
    const own = mine ? entry.client_id : null;
    if (own) arrived.add(own);
    rows.push({ kind: 'entry', key: own ?? entry.id, id: entry.id, at: entry.created_at, mine, entry });
  }
  for (const item of outgoing) {
    if (!arrived.has(item.clientId)) rows.push({ kind: 'outgoing', key: item.clientId, id: null, at: item.createdAt, mine: true, item });
  }
  return rows;
}
