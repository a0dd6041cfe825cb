import { useState } from 'react';
import { http } from '@/api/http';
import type { File as StoredFile } from '@/api/wire.gen';

interface FreshUrl {
  url: string;
  /** It cannot be loaded, also not by a new address. */
  broken: boolean;
  onError: () => void;
}

/** The address of a file is signed for a limited time; a page open for long asks once for a new one. */
export function useFreshUrl(file: StoredFile, kind: 'url' | 'thumb_url' = 'url'): FreshUrl {
  const given = file[kind] || file.url;
  const [fresh, setFresh] = useState<{ stale: string; url: string } | null>(null);
  const [broken, setBroken] = useState<string | null>(null);
  const url = fresh?.stale === given ? fresh.url : given;
  const onError = () => {
    if (url !== given) return setBroken(given);
    http<StoredFile>({ path: `/files/${file.id}` }).then(
      (renewed) => {
        const next = renewed[kind] || renewed.url;
        // Addresses signed within the same hours are the same: this one is not stale, what it leads to cannot be shown.
        if (next === given) setBroken(given);
        else setFresh({ stale: given, url: next });
      },
      () => setBroken(given),
    );
  };
  return { url, broken: broken === given, onError };
}
