import { Button, CloseButton, NativeSelect, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { memo, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Virtualizer } from 'virtua';
import type { BreakoutRoom, Waiter } from '@/api/wire.gen';
import { useConfirm } from '@/components/confirm';
import type { Role } from '@/components/roles';
import { AdmitAll } from './AdmitAll';
import { ClassTools } from './ClassTools';
import classes from './people.module.css';
import { type ListRow, listRows } from './peopleList';
import { PersonRow } from './PersonRow';
import { useAct } from './useAct';
import { type RowActions, useRowActions } from './useRowActions';
import { WaiterRow } from './WaiterRow';
import { useClassroomState, useMeetingPart, useSession } from '../sessions';
import type { SpeakingMarks } from '../speakingMarks';
import { useSpeakingMarks } from '../useWatchers';

/** From how many people on they are searched rather than looked through. */
const MANY = 8;

const noRooms: BreakoutRoom[] = [];

interface PeoplePanelProps {
  channelId: string;
  teacher: boolean;
  onClose: () => void;
}

/** Who knocks, whose hand is up, and who else is here; what a teacher does with them begins here. */
export function PeoplePanel({ channelId, teacher, onClose }: PeoplePanelProps) {
  const { t, i18n } = useTranslation(['classroom', 'groups']);
  const participants = useMeetingPart((room) => room.participants);
  const me = useMeetingPart((room) => room.me);
  const { state, lobby } = useClassroomState();
  const [text, setText] = useState('');
  const [room, setRoom] = useState<string | null>(null);
  const { ask, dialog } = useConfirm();
  const actions = useRowActions(channelId, ask);
  const marks = useSpeakingMarks();
  const scroller = useRef<HTMLDivElement>(null);

  const own = participants.find((person) => person.participant_id === me);
  const myRole: Role = own?.role ?? 'student';
  const myRoom = own?.room_id ?? '';
  const rooms = state.breakouts?.rooms ?? noRooms;
  const shownRoom = rooms.some(({ id }) => id === room) || (room === '' && rooms.length > 0) ? room : null;
  const rows = useMemo(() => listRows(lobby, participants, { text, room: shownRoom }, myRoom, i18n.language), [lobby, participants, text, shownRoom, myRoom, i18n.language]);
  const roomNames = useMemo(() => new Map(rooms.map(({ id, name }) => [id, name])), [rooms]);

  return (
    <section className={classes.panel} aria-label={t('people.title')}>
      <header className={classes.head}>
        <h2>{t('people.title')}</h2>
        <CloseButton size={44} iconSize={18} aria-label={t('people.close')} onClick={onClose} />
      </header>
      {teacher && <ClassTools />}
      {(participants.length >= MANY || text !== '' || rooms.length > 0) && (
        <div className={classes.filters}>
          <TextInput
            aria-label={t('people.find')}
            placeholder={t('people.find')}
            leftSection={<Search size={15} aria-hidden />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
          />
          {rooms.length > 0 && (
            <NativeSelect
              aria-label={t('people.room')}
              value={shownRoom === null ? 'all' : `in:${shownRoom}`}
              onChange={({ currentTarget: { value } }) => setRoom(value === 'all' ? null : value.slice(3))}
              data={[
                { value: 'all', label: t('people.allRooms') },
                { value: 'in:', label: t('groups:mainRoom') },
                ...rooms.map(({ id, name }) => ({ value: `in:${id}`, label: name })),
              ]}
            />
          )}
        </div>
      )}
      <div ref={scroller} className={classes.scroll}>
        <p role="status" className={rows.length === 0 ? classes.nobody : 'visually-hidden'}>
          {rows.length === 0 ? t('people.noneFound') : ''}
        </p>
        <Virtualizer as="ul" item="li" scrollRef={scroller} itemSize={50}>
          {rows.map((row) => (
            <Row key={row.key} row={row} me={me} myRole={myRole} myRoom={myRoom} spotlight={state.spotlight} roomNames={roomNames} marks={marks} actions={actions} />
          ))}
        </Virtualizer>
      </div>
      {dialog}
    </section>
  );
}

interface RowProps {
  row: ListRow;
  me: string | null;
  myRole: Role;
  myRoom: string;
  spotlight: string;
  roomNames: ReadonlyMap<string, string>;
  marks: SpeakingMarks | null;
  actions: RowActions;
}

const Row = memo(function Row({ row, me, myRole, myRoom, spotlight, roomNames, marks, actions }: RowProps) {
  const { t } = useTranslation('classroom');
  switch (row.kind) {
    case 'waiting':
      return <WaitingHead waiting={row.waiting} />;
    case 'waiter':
      return <WaiterRow waiter={row.waiter} />;
    case 'hands':
      return <HandsHead count={row.count} teacher={myRole !== 'student'} next={row.next} />;
    case 'people':
      return (
        <h3 className={classes.group}>
          {t('people.inMeeting')} <span>{row.count}</span>
        </h3>
      );
    case 'person':
      return (
        <PersonRow
          person={row.person}
          turn={row.turn}
          self={row.person.participant_id === me}
          myRole={myRole}
          myRoom={myRoom}
          spotlighted={spotlight === row.person.participant_id}
          roomName={row.person.room_id ? roomNames.get(row.person.room_id) : undefined}
          marks={marks}
          actions={actions}
        />
      );
  }
});

function WaitingHead({ waiting }: { waiting: Waiter[] }) {
  const { t } = useTranslation('classroom');
  return (
    <div className={classes.groupHead}>
      <h3 className={classes.group}>
        {t('lobby.title')} <span>{waiting.length}</span>
      </h3>
      <AdmitAll waiting={waiting} size="compact-md" variant="light" />
    </div>
  );
}

function HandsHead({ count, teacher, next }: { count: number; teacher: boolean; next: boolean }) {
  const { t } = useTranslation('classroom');
  const { classroom } = useSession();
  const act = useAct();
  return (
    <div className={classes.groupHead}>
      <h3 className={classes.group}>
        {t('hands.title')} <span>{count}</span>
      </h3>
      {teacher && (
        <>
          <Button size="compact-md" variant="subtle" color="gray" onClick={() => void act(classroom.lowerHand())}>
            {t('hands.lowerAll')}
          </Button>
          {next && (
            <Button size="compact-md" variant="light" onClick={() => void act(classroom.callOn())}>
              {t('hands.next')}
            </Button>
          )}
        </>
      )}
    </div>
  );
}
