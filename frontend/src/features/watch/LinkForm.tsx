import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import type { PlaybackItem } from '@/api/wire.gen';
import { useProblemWords } from '@/i18n/problems';
import classes from './chooser.module.css';
import { youtubeLink } from './youtubeLink';

interface LinkFormProps {
  /** The first button's word; Enter presses it. */
  action: string;
  onPick: (item: PlaybackItem) => Promise<void>;
  /** A second thing that may be done with the link. */
  second?: { action: string; onPick: (item: PlaybackItem) => Promise<void> };
}

/** A pasted YouTube link. What the server says against it stands under the field, and the field keeps it. */
export function LinkForm({ action, onPick, second }: LinkFormProps) {
  const { t } = useTranslation('watch');
  const { sentence, field } = useProblemWords();
  const [link, setLink] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const pick = async (then: LinkFormProps['onPick']) => {
    const url = youtubeLink(link);
    if (!url) return setError(t('dialog.linkInvalid'));
    setBusy(true);
    setError(null);
    try {
      await then({ kind: 'youtube', url });
      setLink('');
    } catch (reason) {
      const problem = asProblem(reason);
      setError(field(problem, 'item.url') ?? t('dialog.refused', { reason: sentence(problem) }));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void pick(onPick);
  };

  return (
    <form className={classes.link} onSubmit={submit}>
      <TextInput
        className={classes.grow}
        label={t('dialog.link')}
        placeholder={t('dialog.linkPlaceholder')}
        value={link}
        error={error}
        data-autofocus
        onChange={(event) => {
          setLink(event.currentTarget.value);
          setError(null);
        }}
      />
      <div className={classes.besideField}>
        <Button type="submit" loading={busy}>
          {action}
        </Button>
        {second && (
          <Button variant="default" disabled={busy} onClick={() => void pick(second.onPick)}>
            {second.action}
          </Button>
        )}
      </div>
    </form>
  );
}
