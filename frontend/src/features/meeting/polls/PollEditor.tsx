import { Button, CloseButton, Switch, Textarea, TextInput } from '@mantine/core';
import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { letterOf } from '@/components/letterOf';
import { usePollsState, useSession } from '../sessions';
import { useAttempt } from '../useAttempt';
import classes from './polls.module.css';

const OPTIONS = { least: 2, most: 10 };
const LONGEST = { question: 500, option: 200 };
const SWITCHES = ['multiple', 'anonymous', 'live'] as const;

/** A question to the class, and what may be answered. */
export function PollEditor({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('groups');
  const { polls } = useSession();
  const { draft } = usePollsState();
  const attempt = useAttempt();
  const [asking, setAsking] = useState(false);
  const [tried, setTried] = useState(false);
  const given = draft.options.map((option) => option.trim()).filter((option) => option !== '');
  const same = new Set(given).size < given.length;
  const wrong = same ? t('polls.same') : given.length < OPTIONS.least ? t('polls.tooFew') : null;
  const setOptions = (options: string[]) => polls.change({ options });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong || draft.question.trim() === '' || asking) return;
    setAsking(true);
    const done = await attempt(polls.ask({ ...draft, question: draft.question.trim(), options: given }));
    setAsking(false);
    if (done) onDone();
  };

  return (
    <form className={classes.form} aria-label={t('polls.new')} onSubmit={(event) => void submit(event)}>
      <Textarea
        label={t('polls.question')}
        placeholder={t('polls.questionPlaceholder')}
        autosize
        minRows={2}
        maxRows={5}
        maxLength={LONGEST.question}
        value={draft.question}
        onChange={(event) => polls.change({ question: event.currentTarget.value })}
      />
      <div className={classes.presets} role="group" aria-label={t('polls.presets')}>
        <Button size="xs" variant="default" onClick={() => setOptions([t('polls.yes'), t('polls.no')])}>
          {t('polls.yesNo')}
        </Button>
        <Button size="xs" variant="default" onClick={() => setOptions([0, 1, 2, 3].map(letterOf))}>
          {t('polls.letters')}
        </Button>
      </div>
      <Options options={draft.options} onChange={setOptions} />
      {tried && wrong && (
        <p className={classes.bad} role="alert">
          {wrong}
        </p>
      )}
      {SWITCHES.map((name) => (
        <Switch key={name} label={t(`polls.${name}`)} checked={draft[name]} onChange={(event) => polls.change({ [name]: event.currentTarget.checked })} />
      ))}
      <Button type="submit" loading={asking} disabled={draft.question.trim() === ''}>
        {t('polls.ask')}
      </Button>
    </form>
  );
}

function Options({ options, onChange }: { options: string[]; onChange: (options: string[]) => void }) {
  const { t } = useTranslation('groups');
  return (
    <>
      {options.map((option, index) => (
        <div key={index} className={classes.option}>
          <TextInput
            aria-label={t('polls.option', { letter: letterOf(index) })}
            placeholder={t('polls.option', { letter: letterOf(index) })}
            maxLength={LONGEST.option}
            value={option}
            onChange={(event) => onChange(options.map((one, at) => (at === index ? event.currentTarget.value : one)))}
          />
          {options.length > OPTIONS.least && (
            <CloseButton size={36} iconSize={16} aria-label={t('polls.dropOption', { letter: letterOf(index) })} onClick={() => onChange(options.filter((_, at) => at !== index))} />
          )}
        </div>
      ))}
      {options.length < OPTIONS.most && (
        <Button className={classes.add} variant="subtle" size="sm" leftSection={<Plus size={15} aria-hidden />} onClick={() => onChange([...options, ''])}>
          {t('polls.addOption')}
        </Button>
      )}
    </>
  );
}
