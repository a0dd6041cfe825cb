import { useEffect, useState } from 'react';
import { useSession } from '../sessions';

/** Whole seconds until a moment of the server's clock, counted down; null without one. */
export function useTimeLeft(endsAt: string | null): number | null {
  const { watch } = useSession();
  const [now, setNow] = useState(() => watch.serverNow());
  useEffect(() => {
    if (endsAt === null) return;
    setNow(watch.serverNow());
    const timer = setInterval(() => setNow(watch.serverNow()), 500);
    return () => clearInterval(timer);
  }, [watch, endsAt]);
  return endsAt === null ? null : Math.max(0, Math.ceil((Date.parse(endsAt) - now) / 1000));
}
