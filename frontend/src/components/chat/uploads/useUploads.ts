import { useMemo, useSyncExternalStore } from 'react';
import type { File as StoredFile } from '@/api/wire.gen';
import { useMe } from '../../hooks';
import { isUnderWay, Tray, type Upload } from './tray';

export { MAX_FILES, type Upload } from './tray';

export interface Uploads {
  items: readonly Upload[];
  /** Something is still on its way. */
  busy: boolean;
  /** What is on its way is little enough to be sent with the entry. */
  light: boolean;
  stored: StoredFile[];
  /** Starts uploading; answers false when some were left out for being too many. */
  add: (files: Iterable<File>, voice?: boolean) => boolean;
  /** Removes one, giving up its upload if it still goes on. */
  remove: (key: string) => void;
  retry: (key: string) => void;
  /** Gives up what is on its way and answers it: the outbox takes it along. */
  handOver: () => File[];
  /** Takes out what has been sent. */
  clear: () => void;
}

/** More than this is not begun anew for the sake of sending at once. */
const LIGHT_BYTES = 16 << 20;

const trays = new Map<string, Tray>();

function trayOf(place: string): Tray {
  const tray = trays.get(place) ?? new Tray(place);
  trays.set(place, tray);
  return tray;
}

/** The files of the entry that one writes in a place: `channel:<id>`, `post:<id>` or `conversation:<id>`. */
export function useUploads(place: string): Uploads {
  const me = useMe();
  const tray = trayOf(`${me.id}.${place}`);
  const items = useSyncExternalStore(tray.subscribe, tray.snapshot);
  return useMemo(
    () => ({
      items,
      busy: items.some(isUnderWay),
      light: items.filter(isUnderWay).reduce((sum, item) => sum + (item.voice ? Infinity : item.size), 0) <= LIGHT_BYTES,
      stored: items.flatMap((item) => item.stored ?? []),
      add: (files, voice) => tray.add(files, voice),
      remove: (key) => tray.remove(key),
      retry: (key) => tray.retry(key),
      handOver: () => tray.handOver(),
      clear: () => tray.clear(),
    }),
    [items, tray],
  );
}
