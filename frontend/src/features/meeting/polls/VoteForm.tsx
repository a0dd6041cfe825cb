import { Button, Checkbox, Radio } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Poll } from '@/api/wire.gen';
import { useSession } from '../sessions';
import { useAttempt } from '../useAttempt';
import classes from './polls.module.css';

interface VoteFormProps {
  poll: Poll;
  onVoted: () => void;
}

export function VoteForm({ poll, onVoted }: VoteFormProps) {
  const { t } = useTranslation('groups');
  const { polls } = useSession();
  const attempt = useAttempt();
  const [choices, setChoices] = useState<number[]>(poll.my_choices ?? []);
  const [voting, setVoting] = useState(false);
  const Choice = poll.multiple ? Checkbox : Radio;
  const choose = (choice: number, on: boolean) => {
    if (!poll.multiple) setChoices([choice]);
    else setChoices(on ? [...choices, choice].toSorted((one, other) => one - other) : choices.filter((one) => one !== choice));
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (choices.length === 0 || voting) return;
    setVoting(true);
    const done = await attempt(polls.vote(poll.id, choices));
    setVoting(false);
    if (done) onVoted();
  };
  return (
    <form className={classes.form} onSubmit={(event) => void submit(event)}>
      <fieldset className={classes.choices}>
        <legend>{poll.multiple ? t('polls.chooseSeveral') : t('polls.chooseOne')}</legend>
        {poll.options.map((option, choice) => (
          <Choice
            key={choice}
            classNames={{ root: classes.choice, body: classes.choiceBody, labelWrapper: classes.choiceLabel }}
            name={`poll-${poll.id}`}
            label={option}
            checked={choices.includes(choice)}
            onChange={(event) => choose(choice, event.currentTarget.checked)}
          />
        ))}
      </fieldset>
      {poll.anonymous && <p className={classes.hint}>{t('polls.secret')}</p>}
      <Button type="submit" loading={voting} disabled={choices.length === 0}>
        {t('polls.vote')}
      </Button>
    </form>
  );
}
