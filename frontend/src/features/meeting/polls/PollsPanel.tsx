import { Button, CloseButton } from '@mantine/core';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMeetingPart, usePollsState } from '../sessions';
import { PollEditor } from './PollEditor';
import { PollItem } from './PollItem';
import classes from './polls.module.css';

/** The meeting's polls: ask, vote, see results. */
export function PollsPanel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('groups');
  const { polls } = usePollsState();
  const teacher = useMeetingPart((room) => room.participants.some((person) => person.participant_id === room.me && person.role !== 'student'));
  return (
    <section className={classes.panel} aria-label={t('polls.title')}>
      <header className={classes.head}>
        <h2>{t('polls.title')}</h2>
        <CloseButton size={40} iconSize={18} aria-label={t('polls.close')} onClick={onClose} />
      </header>
      <div className={classes.scroll}>
        {teacher && <Ask first={polls.length === 0} />}
        {polls.length === 0 && <p className={classes.hint}>{teacher ? t('polls.empty') : t('polls.emptyStudent')}</p>}
        <ul className={classes.list}>
          {polls.map((poll) => (
            <PollItem key={poll.id} poll={poll} teacher={teacher} />
          ))}
        </ul>
      </div>
    </section>
  );
}

/** A form at once where nothing was asked yet; a button that brings it above earlier polls. */
function Ask({ first }: { first: boolean }) {
  const { t } = useTranslation('groups');
  const { draft } = usePollsState();
  const [asking, setAsking] = useState(first || draft.question !== '');
  if (asking) return <PollEditor onDone={() => setAsking(false)} />;
  return (
    <Button variant="default" leftSection={<Plus size={16} aria-hidden />} onClick={() => setAsking(true)}>
      {t('polls.new')}
    </Button>
  );
}
