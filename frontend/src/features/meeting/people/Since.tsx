import { useInterval } from '@mantine/hooks';
import { useState } from 'react';
import { useFormats } from '@/i18n/format';
import classes from './people.module.css';

/** How long ago something began, kept up to date. */
export function Since({ at }: { at: string }) {
  const { ago, full } = useFormats();
  const [, setTick] = useState(0);
  useInterval(() => setTick((n) => n + 1), 20_000, { autoInvoke: true });
  return (
    <time className={classes.role} dateTime={at} title={full(at)}>
      {ago(at)}
    </time>
  );
}
