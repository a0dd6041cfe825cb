import { Button, CloseButton, Group, Textarea, TextInput } from '@mantine/core';
import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import type { Marker } from '@/api/wire.gen';
import { useProblemWords } from '@/i18n/problems';
import { clockTime } from '@/components/clockTime';
import classes from './panel.module.css';
import { useWatchRoom } from './room';
import { parseClockTime } from './time';
import { useWatch } from './useWatch';

const CHOICES = { least: 2, most: 8 };
const LONGEST = { question: 500, choice: 100 };

interface StopFormProps {
  /** A new one has only its time. */
  marker: Partial<Marker>;
  itemKey: string;
  onDone: () => void;
}

/** When the class stops and what it is asked: a text, or one of some choices. */
export function StopForm({ marker, itemKey, onDone }: StopFormProps) {
  const { t } = useTranslation('lesson');
  const { lesson } = useWatchRoom();
  const { duration } = useWatch();
  const { sentence } = useProblemWords();
  const shownTime = clockTime(marker.t ?? 0);
  const [time, setTime] = useState(shownTime);
  const [question, setQuestion] = useState(marker.question ?? '');
  const [choices, setChoices] = useState<string[]>(marker.choices ?? []);
  const [error, setError] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  // A time that was not touched keeps its fraction of a second.
  const at = time === shownTime ? (marker.t ?? 0) : parseClockTime(time);
  const timeWrong = at === null || (duration !== null && at > duration);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const given = choices.map((choice) => choice.trim()).filter((choice) => choice !== '');
    if (timeWrong || question.trim() === '') return;
    if (given.length === 1) return setError(t('stops.oneChoice'));
    setSaving(true);
    try {
      await lesson.setMarker({ ...(marker.id && { id: marker.id }), key: itemKey, t: at, question: question.trim(), choices: given });
      onDone();
    } catch (reason) {
      setError(sentence(asProblem(reason)));
      setSaving(false);
    }
  };
  const setChoice = (index: number, text: string) => setChoices(choices.map((choice, i) => (i === index ? text : choice)));

  return (
    <form className={classes.form} aria-label={t('stops.form')} onSubmit={(event) => void submit(event)}>
      <TextInput label={t('stops.time')} value={time} error={timeWrong && t('stops.timeWrong')} onChange={(event) => setTime(event.currentTarget.value)} />
      <Textarea
        label={t('stops.question')}
        placeholder={t('stops.questionPlaceholder')}
        autosize
        minRows={2}
        maxRows={5}
        maxLength={LONGEST.question}
        data-autofocus
        autoFocus
        value={question}
        onChange={(event) => setQuestion(event.currentTarget.value)}
      />
      {choices.map((choice, index) => (
        <div key={index} className={classes.two}>
          <TextInput
            className={classes.grow}
            aria-label={t('stops.choice', { letter: String.fromCharCode(65 + index) })}
            placeholder={t('stops.choice', { letter: String.fromCharCode(65 + index) })}
            maxLength={LONGEST.choice}
            value={choice}
            onChange={(event) => setChoice(index, event.currentTarget.value)}
          />
          <CloseButton aria-label={t('stops.dropChoice', { letter: String.fromCharCode(65 + index) })} onClick={() => setChoices(choices.filter((_, i) => i !== index))} />
        </div>
      ))}
      {choices.length < CHOICES.most && (
        <Button
          variant="subtle"
          size="compact-sm"
          style={{ alignSelf: 'flex-start' }}
          leftSection={<Plus size={15} />}
          onClick={() => setChoices([...choices, ...Array<string>(choices.length === 0 ? CHOICES.least : 1).fill('')])}
        >
          {choices.length === 0 ? t('stops.withChoices') : t('stops.moreChoices')}
        </Button>
      )}
      {error && (
        <p className={classes.bad} role="alert">
          {error}
        </p>
      )}
      <Group gap="xs">
        <Button type="submit" size="sm" loading={saving} disabled={timeWrong || question.trim() === ''}>
          {t('stops.save')}
        </Button>
        <Button variant="default" size="sm" onClick={onDone}>
          {t('cancel')}
        </Button>
      </Group>
    </form>
  );
}
