import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { File as StoredFile } from '@/api/wire.gen';

/** An upload as it outlives the page. */
export interface KeptUpload {
  key: string;
  /** Account and place it belongs to. */
  place: string;
  name: string;
  size: number;
  voice: boolean;
  at: number;
  /** The bytes, of files that are not too large to keep twice. */
  file: File | null;
  /** Where the server takes the rest. */
  url: string | null;
  stored: StoredFile | null;
}

interface Schema extends DBSchema {
  uploads: { key: string; value: KeptUpload; indexes: { place: string } };
}

/** The server forgets an upload that nobody uses after a day. */
const KEPT_MS = 86_400_000;

let opening: Promise<IDBPDatabase<Schema>> | null = null;

function database(): Promise<IDBPDatabase<Schema>> {
  opening ??= openDB<Schema>('lectern.uploads', 1, {
    upgrade: (db) => void db.createObjectStore('uploads', { keyPath: 'key' }).createIndex('place', 'place'),
  });
  opening.catch(() => (opening = null));
  return opening;
}

// A browser without storage costs what was on its way at a reload; nothing else depends on it.
const ignore = () => undefined;

export function keepUpload(upload: KeptUpload): Promise<unknown> {
  return database()
    .then((db) => db.put('uploads', upload))
    .catch(ignore);
}

export function forgetUpload(key: string): Promise<unknown> {
  return database()
    .then((db) => db.delete('uploads', key))
    .catch(ignore);
}

/** The uploads of a place, in the order in which they were chosen. */
export async function keptUploads(place: string): Promise<KeptUpload[]> {
  const all = await database()
    .then((db) => db.getAllFromIndex('uploads', 'place', place))
    .catch((): KeptUpload[] => []);
  const fresh = all.filter(({ at }) => Date.now() - at < KEPT_MS);
  for (const old of all) if (!fresh.includes(old)) void forgetUpload(old.key);
  return fresh.sort((a, b) => a.at - b.at);
}
