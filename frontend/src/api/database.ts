import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Outgoing } from './outgoing';

/** What this device keeps over a reload. Everything belongs to an account. */
interface Schema extends DBSchema {
  /** What waits to be sent. */
  outbox: { key: string; value: Outgoing; indexes: { user: string } };
  /** The bytes of files that have not been uploaded yet, by PendingFile.key. */
  blobs: { key: string; value: Blob };
  /** What was last seen, by account; see offline/snapshot.ts. */
  snapshots: { key: string; value: unknown };
}

export type Database = IDBPDatabase<Schema>;

/** Opens the device's database. Rejects where the browser keeps none, as in some private windows. */
export async function openDatabase(name = 'lectern'): Promise<Database> {
  return await openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('outbox', { keyPath: 'clientId' }).createIndex('user', 'userId');
      db.createObjectStore('blobs');
      db.createObjectStore('snapshots');
    },
    // A newer version of the app in another tab may change the database; this tab goes on without.
    blocking: (_, __, event) => (event.target as IDBDatabase).close(),
  });
}

let shared: Promise<Database> | null = null;

export function database(): Promise<Database> {
  shared ??= openDatabase();
  return shared;
}
