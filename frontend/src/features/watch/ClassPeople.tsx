import { Button } from '@mantine/core';
import { BellRing } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlaybackPerson } from '@/api/wire.gen';
import classes from './panel.module.css';
import { useWatchRoom } from './room';
import { useFailed } from './useFailed';

/** Who follows how: those who are not in step first, with a gentle reminder beside them. */
export function ClassPeople({ people }: { people: PlaybackPerson[] }) {
  const { t } = useTranslation('lesson');
  const { participants } = useWatchRoom();
  const [all, setAll] = useState(false);
  const name = (person: PlaybackPerson) => participants.find((one) => one.participant_id === person.participant_id)?.user.name;
  const here = people.filter((person) => name(person) !== undefined);
  const behind = here.filter(({ state }) => state !== 'in_step');
  const inStep = here.filter(({ state }) => state === 'in_step');
  return (
    <>
      <ul className={classes.rows}>
        {[...behind, ...(all ? inStep : [])].map((person) => (
          <PersonRow key={person.participant_id} person={person} name={name(person) ?? ''} />
        ))}
      </ul>
      {inStep.length > 0 && (
        <Button variant="subtle" size="compact-sm" style={{ alignSelf: 'flex-start' }} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('class.hideInStep') : t('class.showInStep', { count: inStep.length })}
        </Button>
      )}
    </>
  );
}

function PersonRow({ person, name }: { person: PlaybackPerson; name: string }) {
  const { t } = useTranslation('lesson');
  const { session, me } = useWatchRoom();
  const failed = useFailed();
  const [nudged, setNudged] = useState(false);
  const { participant_id: id, state, err_ms: error } = person;
  const nudge = () => {
    setNudged(true);
    session.nudge(id).catch((reason: unknown) => {
      setNudged(false);
      failed(reason);
    });
  };
  return (
    <li className={classes.row}>
      <span className={classes.main}>
        <span className={classes.title}>{name}</span>
        <span className={classes.state} data-state={state}>
          {t(`state.${state}`)}
          {(state === 'in_step' || state === 'catching_up') && ` · ${t('class.error', { ms: Math.round(error) })}`}
        </span>
      </span>
      {state !== 'in_step' && id !== me && (
        <Button variant="subtle" size="compact-md" leftSection={<BellRing size={15} />} disabled={nudged} aria-label={t('class.nudge', { name })} onClick={nudge}>
          {nudged ? t('class.nudged') : t('class.nudgeShort')}
        </Button>
      )}
    </li>
  );
}
