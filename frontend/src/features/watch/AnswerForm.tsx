import { Button, Textarea, UnstyledButton } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlaybackQuestion } from '@/api/wire.gen';
import { useLesson, useWatchRoom } from './room';
import { useFailed } from './useFailed';
import classes from './question.module.css';

const LONGEST = 500;

/** A student's answer; it may be changed as long as answers are taken. */
export function AnswerForm({ question }: { question: PlaybackQuestion }) {
  return question.choices.length > 0 ? <Choices question={question} /> : <TextAnswer question={question} />;
}

function Choices({ question }: { question: PlaybackQuestion }) {
  const { lesson } = useWatchRoom();
  const { myAnswer } = useLesson();
  const failed = useFailed();
  const [asked, setAsked] = useState<number | null>(null);
  const chosen = asked ?? myAnswer?.choice ?? null;
  const choose = (choice: number) => {
    setAsked(choice);
    lesson
      .answer({ choice })
      .catch(failed)
      .finally(() => setAsked(null));
  };
  return (
    <div className={classes.choices} role="group" aria-labelledby={`question-${question.id}`}>
      {question.choices.map((text, choice) => (
        <UnstyledButton key={text} className={classes.choice} aria-pressed={chosen === choice} disabled={!question.open} onClick={() => choose(choice)}>
          <span className={classes.letter} aria-hidden>
            {String.fromCharCode(65 + choice)}
          </span>
          {text}
        </UnstyledButton>
      ))}
    </div>
  );
}

function TextAnswer({ question }: { question: PlaybackQuestion }) {
  const { t } = useTranslation('watch');
  const { lesson } = useWatchRoom();
  const { myAnswer } = useLesson();
  const failed = useFailed();
  const [text, setText] = useState(myAnswer?.text ?? '');
  const [changing, setChanging] = useState(false);
  const [sending, setSending] = useState(false);
  if (myAnswer && !changing) {
    return (
      <div className={classes.given}>
        <p>{myAnswer.text}</p>
        {question.open && (
          <Button variant="subtle" size="compact-sm" onClick={() => setChanging(true)}>
            {t('stop.change')}
          </Button>
        )}
      </div>
    );
  }
  if (!question.open) return null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    setSending(true);
    await lesson.answer({ text: text.trim() }).then(() => setChanging(false), failed);
    setSending(false);
  };
  return (
    <form className={classes.form} onSubmit={(event) => void submit(event)}>
      <Textarea aria-label={t('stop.yourAnswer')} placeholder={t('stop.yourAnswer')} autosize minRows={2} maxRows={5} maxLength={LONGEST} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      <Button type="submit" size="sm" loading={sending} disabled={text.trim() === ''}>
        {t('stop.send')}
      </Button>
    </form>
  );
}
