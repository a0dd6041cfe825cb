import { ActionIcon, TextInput } from '@mantine/core';
import { SendHorizontal } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newId } from '@/api/ids';
import type { Moment } from '@/api/wire.gen';
import { clockTime } from '@/components/clockTime';
import { useWatchRoom } from './room';
import { useFailed } from './useFailed';
import classes from './watch.module.css';

const LONGEST = 500;

/** A question about the moment at which one began to write it: while one writes, the class goes on. */
export function AskForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('watch');
  const { session, lesson } = useWatchRoom();
  const failed = useFailed();
  const [moment] = useState<Moment>(() => ({ key: session.snapshot().timeline?.item?.key ?? '', t: session.position() }));
  const [clientId] = useState(newId);
  const [body, setBody] = useState('');
  const [sending, setSending] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (body.trim() === '') return;
    setSending(true);
    try {
      await lesson.ask(body.trim(), moment, clientId);
      onDone();
    } catch (error) {
      failed(error);
      setSending(false);
    }
  };

  return (
    <form className={classes.ask} onSubmit={(event) => void submit(event)}>
      <TextInput
        ref={input}
        className={classes.askField}
        aria-label={t('ask.label', { time: clockTime(moment.t) })}
        placeholder={t('ask.label', { time: clockTime(moment.t) })}
        maxLength={LONGEST}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && !event.nativeEvent.isComposing) onDone();
        }}
      />
      <ActionIcon type="submit" size={40} loading={sending} aria-label={t('ask.send')}>
        <SendHorizontal size={18} />
      </ActionIcon>
    </form>
  );
}
