import { ActionIcon, Button, Menu, TextInput } from '@mantine/core';
import { Radio, SendHorizontal, TimerReset, Undo2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Breakouts } from '@/api/wire.gen';
import { clockTime } from '@/components/clockTime';
import { useClassroomState, useMeetingPart, useSession } from '../sessions';
import { useAttempt } from '../useAttempt';
import type { BoardBox } from './board';
import { GroupBoard } from './GroupBoard';
import classes from './groups.module.css';
import { useTimeLeft } from './useTimeLeft';

const MAIN = 'main';
const MORE_MINUTES = [1, 5, 10];
const COUNTDOWNS = [0, 30, 60];
const LONGEST = 500;

/** While the groups meet: who is where, words to all, more time, and the way back. */
export function OpenGroups({ breakouts }: { breakouts: Breakouts }) {
  const { t } = useTranslation('groups');
  const { breakouts: rooms } = useSession();
  const participants = useMeetingPart((room) => room.participants);
  const me = useMeetingPart((room) => room.me);
  const attempt = useAttempt();
  const own = participants.find(({ participant_id }) => participant_id === me);
  const peopleIn = (roomId: string) =>
    participants
      .filter((person) => person.room_id === roomId)
      .map(({ participant_id: id, user, hand_raised: hand }) => ({ id, user, hand, self: id === me }));

  const boxes: BoardBox[] = [
    ...breakouts.rooms.map(({ id, name }) => ({
      key: id,
      name,
      people: peopleIn(id),
      head: (
        <div className={classes.boxHead}>
          <h3 className={classes.boxName}>{name}</h3>
          {own && own.room_id !== id && (
            <Button size="xs" variant="default" aria-label={t('visitRoom', { room: name })} onClick={() => void attempt(rooms.move(own.participant_id, id))}>
              {t('visit')}
            </Button>
          )}
        </div>
      ),
    })),
    { key: MAIN, name: t('mainRoom'), people: peopleIn('') },
  ];
  return (
    <>
      <div className={classes.scroll}>
        <Clock breakouts={breakouts} />
        <TellAll />
        <GroupBoard boxes={boxes} onMove={(id, key) => void attempt(rooms.move(id, key === MAIN ? '' : key))} />
      </div>
      <Recall breakouts={breakouts} />
    </>
  );
}

function Clock({ breakouts }: { breakouts: Breakouts }) {
  const { t } = useTranslation('groups');
  const { breakouts: rooms } = useSession();
  const attempt = useAttempt();
  const left = useTimeLeft(breakouts.ends_at);
  return (
    <div className={classes.clock}>
      <p>
        {left === null ? t('open.noEnd') : breakouts.recalling ? t('bar.returnIn', { time: clockTime(left) }) : t('bar.left', { time: clockTime(left) })}
      </p>
      <Menu>
        <Menu.Target>
          <Button size="sm" variant="default" leftSection={<TimerReset size={16} aria-hidden />}>
            {breakouts.recalling ? t('open.goOn') : left === null ? t('open.setEnd') : t('open.extend')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {MORE_MINUTES.map((minutes) => (
            <Menu.Item key={minutes} onClick={() => void attempt(rooms.extend(minutes * 60))}>
              {left === null ? t('open.endIn', { count: minutes }) : t('open.more', { count: minutes })}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

/** Words, or one's voice, to every room. */
function TellAll() {
  const { t } = useTranslation('groups');
  const { breakouts: rooms, meeting } = useSession();
  const me = useMeetingPart((room) => room.me);
  const { state } = useClassroomState();
  const attempt = useAttempt();
  const [text, setText] = useState('');
  const [sending, setSending] = useState(false);
  const [sent, setSent] = useState(false);
  const speaking = state.broadcasting === me;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '' || sending) return;
    setSending(true);
    const done = await attempt(rooms.tellAll(text.trim()));
    if (done) setText('');
    setSent(done);
    setSending(false);
  };
  const speak = async () => {
    // A voice that nobody hears would be no broadcast.
    if (!speaking) await meeting.setMuted(false);
    await attempt(rooms.speakToAll(!speaking));
  };
  return (
    <div className={classes.tell}>
      <form onSubmit={(event) => void submit(event)}>
        <TextInput
          aria-label={t('tell.label')}
          placeholder={t('tell.placeholder')}
          maxLength={LONGEST}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setSent(false);
          }}
          rightSection={
            <ActionIcon type="submit" variant="subtle" size={34} loading={sending} disabled={text.trim() === ''} aria-label={t('tell.send')}>
              <SendHorizontal size={17} />
            </ActionIcon>
          }
        />
      </form>
      <p className={classes.hint} role="status">
        {sent && t('tell.sent')}
      </p>
      <Button size="sm" variant={speaking ? 'filled' : 'default'} aria-pressed={speaking} leftSection={<Radio size={16} aria-hidden />} onClick={() => void speak()}>
        {speaking ? t('speak.stop') : t('speak.start')}
      </Button>
    </div>
  );
}

function Recall({ breakouts }: { breakouts: Breakouts }) {
  const { t } = useTranslation('groups');
  const { breakouts: rooms } = useSession();
  const attempt = useAttempt();
  return (
    <footer className={classes.foot}>
      <Menu position="top" width="target">
        <Menu.Target>
          <Button fullWidth leftSection={<Undo2 size={18} aria-hidden />}>
            {t('recall.title')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {COUNTDOWNS.filter((seconds) => seconds === 0 || !breakouts.recalling).map((seconds) => (
            <Menu.Item key={seconds} onClick={() => void attempt(rooms.recall(seconds))}>
              {seconds === 0 ? t('recall.now') : t('recall.in', { count: seconds })}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </footer>
  );
}
