import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSelector } from 'react-redux';
import { useFormats } from '@/i18n/format';
import { selectTyping, type TypingState } from '@/realtime/typing';
import { useAudience } from '../audience';
import classes from './TypingLine.module.css';

/** Who writes just now; a mark that is not renewed fades by itself. */
export function TypingLine({ placeId }: { placeId: string }) {
  const { t } = useTranslation('chat');
  const { list } = useFormats();
  const { people } = useAudience();
  const typing = useSelector((state: { typing: TypingState }) => selectTyping(state, placeId));
  const [now, setNow] = useState(() => Date.now());
  const until = Math.max(0, ...Object.values(typing));

  useEffect(() => {
    setNow(Date.now());
    if (until <= Date.now()) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [until, typing]);

  const names = Object.keys(typing)
    .filter((id) => (typing[id] ?? 0) > now)
    .flatMap((id) => people.get(id)?.name ?? []);
  return <div className={classes.typing}>{names.length > 0 && t('typing', { count: names.length, names: list(names) })}</div>;
}
