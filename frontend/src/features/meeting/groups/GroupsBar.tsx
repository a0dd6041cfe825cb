import { Button, CloseButton } from '@mantine/core';
import { DoorOpen, Hand, LayoutGrid, Megaphone, Radio } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Breakouts, Participant } from '@/api/wire.gen';
import { clockTime } from '@/components/clockTime';
import { useBreakoutsState, useClassroomState, useMeetingPart, useSession } from '../sessions';
import { useAttempt } from '../useAttempt';
import classes from './bar.module.css';
import { useTimeLeft } from './useTimeLeft';

/** Which room one is in, for how long, and what a teacher tells all. Stands above the tiles while breakouts are open. */
export function GroupsBar({ onOpen }: { onOpen: () => void }) {
  const own = useMeetingPart((room) => room.participants.find(({ participant_id }) => participant_id === room.me));
  const { t } = useTranslation('groups');
  const { breakouts } = useClassroomState().state;
  const room = breakouts?.rooms.find(({ id }) => id === own?.room_id)?.name ?? t('mainRoom');
  return (
    <>
      <p className="visually-hidden" role="status">
        {breakouts && t('bar.now', { room })} {breakouts && own?.room_id && t('bar.only')}
      </p>
      {breakouts && own && <Bar breakouts={breakouts} own={own} onOpen={onOpen} />}
    </>
  );
}

interface BarProps {
  breakouts: Breakouts;
  own: Participant;
  onOpen: () => void;
}

function Bar({ breakouts, own, onOpen }: BarProps) {
  const { t } = useTranslation('groups');
  const { meeting, breakouts: rooms } = useSession();
  const handRaised = useMeetingPart((room) => room.handRaised);
  const attempt = useAttempt();
  const room = breakouts.rooms.find(({ id }) => id === own.room_id);
  const teacher = own.role !== 'student';
  return (
    <section className={classes.groups} aria-label={t('bar.label')} data-recalling={breakouts.recalling || undefined}>
      <div className={classes.row}>
        <p className={classes.room}>
          <DoorOpen size={18} aria-hidden />
          <strong>{room?.name ?? t('mainRoom')}</strong>
          <TimeLeft breakouts={breakouts} />
        </p>
        {room && (
          <p className={classes.only} aria-hidden>
            {t('bar.only')}
          </p>
        )}
        {!teacher && room && (
          <Button
            size="sm"
            variant={handRaised ? 'light' : 'default'}
            aria-pressed={handRaised}
            leftSection={<Hand size={16} aria-hidden />}
            onClick={() => meeting.raiseHand(!handRaised)}
          >
            {handRaised ? t('bar.called') : t('bar.call')}
          </Button>
        )}
        {teacher && room && (
          <Button size="sm" variant="default" onClick={() => void attempt(rooms.move(own.participant_id, ''))}>
            {t('bar.back')}
          </Button>
        )}
        {teacher && (
          <Button size="sm" variant="default" leftSection={<LayoutGrid size={16} aria-hidden />} onClick={onOpen}>
            {t('bar.manage')}
          </Button>
        )}
      </div>
      <p className="visually-hidden" role="status">
        {breakouts.recalling && t('bar.recalled')}
      </p>
      {teacher && <Calls breakouts={breakouts} own={own} />}
      <Broadcast own={own} />
      <Words own={own} />
    </section>
  );
}

function TimeLeft({ breakouts }: { breakouts: Breakouts }) {
  const { t } = useTranslation('groups');
  const left = useTimeLeft(breakouts.ends_at);
  if (left === null) return null;
  const time = clockTime(left);
  return (
    <span className={classes.time} role="timer">
      {breakouts.recalling ? t('bar.returnIn', { time }) : t('bar.left', { time })}
    </span>
  );
}

/** For teachers: who asks for them in another room, longest first. */
function Calls({ breakouts, own }: { breakouts: Breakouts; own: Participant }) {
  const { t } = useTranslation('groups');
  const { breakouts: rooms } = useSession();
  const participants = useMeetingPart((room) => room.participants);
  const attempt = useAttempt();
  const calls = participants
    .filter((person) => person.hand_raised && person.room_id !== '' && person.room_id !== own.room_id)
    .sort((one, other) => (one.hand_raised_at ?? '').localeCompare(other.hand_raised_at ?? ''));
  return (
    <ul className={classes.calls} role="status">
      {calls.map(({ participant_id: id, user, room_id }) => {
        const room = breakouts.rooms.find((one) => one.id === room_id)?.name ?? '';
        return (
          <li key={id}>
            <Hand size={16} aria-hidden />
            <span>{t('bar.asks', { name: user.name, room })}</span>
            <Button size="sm" variant="light" aria-label={t('visitRoom', { room })} onClick={() => void attempt(rooms.move(own.participant_id, room_id))}>
              {t('visit')}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

/** Whose voice all rooms hear. */
function Broadcast({ own }: { own: Participant }) {
  const { t } = useTranslation('groups');
  const { breakouts: rooms } = useSession();
  const participants = useMeetingPart((room) => room.participants);
  const { state } = useClassroomState();
  const attempt = useAttempt();
  const speaker = participants.find(({ participant_id }) => participant_id === state.broadcasting);
  if (!speaker) return null;
  const self = speaker === own;
  return (
    <p className={classes.words} role="status">
      <Radio size={16} aria-hidden />
      <span>{self ? t('bar.youSpeak') : t('bar.speaks', { name: speaker.user.name })}</span>
      {self && (
        <Button size="sm" variant="light" onClick={() => void attempt(rooms.speakToAll(false))}>
          {t('speak.stop')}
        </Button>
      )}
    </p>
  );
}

/** A teacher's last words to all rooms. */
function Words({ own }: { own: Participant }) {
  const { t } = useTranslation('groups');
  const { breakouts: rooms } = useSession();
  const { announcement } = useBreakoutsState();
  return (
    <div role="status">
      {announcement && announcement.by.id !== own.user.id && (
        <p key={announcement.count} className={classes.words}>
          <Megaphone size={16} aria-hidden />
          <span>
            <strong>{announcement.by.name}</strong> {announcement.text}
          </span>
          <CloseButton size={40} iconSize={18} aria-label={t('bar.putAway')} onClick={() => rooms.putAway()} />
        </p>
      )}
    </div>
  );
}
