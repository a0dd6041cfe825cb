import { Button, CloseButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMeetingPart, usePollsState, useSession } from '../sessions';
import { StudentPoll } from './PollItem';
import classes from './polls.module.css';

/** For students: the poll that was asked, over the room, until it is put away; then its result. */
export function PollCard({ onOpen }: { onOpen: () => void }) {
  const { t } = useTranslation('groups');
  const { polls: session } = useSession();
  const { polls, card } = usePollsState();
  const student = useMeetingPart((room) => room.participants.some((person) => person.participant_id === room.me && person.role === 'student'));
  const poll = polls.find(({ id }) => id === card);
  const open = () => {
    session.putAway();
    onOpen();
  };
  return (
    <>
      {/* The region is there before the poll is, so that the question is read out when it comes. */}
      <p className="visually-hidden" role="status">
        {student && poll && `${t('polls.card')}: ${poll.question}`}
      </p>
      {student && poll && (
        <section className={classes.card} aria-label={t('polls.card')}>
          <header className={classes.cardHead}>
            <p className={classes.state} data-open={poll.open || undefined}>
              {poll.open ? t('polls.open') : t('polls.ended')}
            </p>
            <CloseButton size={40} iconSize={18} aria-label={t('polls.putAway')} onClick={() => session.putAway()} />
          </header>
          <div className={classes.cardBody}>
            <h2 className={classes.question}>{poll.question}</h2>
            <StudentPoll key={poll.id} poll={poll} />
            <Button className={classes.add} variant="subtle" size="sm" onClick={open}>
              {t('polls.all')}
            </Button>
          </div>
        </section>
      )}
    </>
  );
}
