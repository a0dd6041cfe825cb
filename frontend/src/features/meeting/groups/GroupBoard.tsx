import { DndContext, type DragEndEvent, DragOverlay, MouseSensor, pointerWithin, TouchSensor, useDroppable, useSensor, useSensors } from '@dnd-kit/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardBox, BoardPerson } from './board';
import classes from './groups.module.css';
import { Chip, PersonChip } from './PersonChip';

interface GroupBoardProps {
  boxes: BoardBox[];
  onMove: (personId: string, boxKey: string) => void;
}

/** People in boxes. They are moved by dragging, or by the menu of each. */
export function GroupBoard({ boxes, onMove }: GroupBoardProps) {
  const { t } = useTranslation('groups');
  const [dragged, setDragged] = useState<BoardPerson | null>(null);
  const [said, setSaid] = useState('');
  // A finger that scrolls the list moves at once; one that stays takes the person along.
  const sensors = useSensors(useSensor(MouseSensor, { activationConstraint: { distance: 6 } }), useSensor(TouchSensor, { activationConstraint: { delay: 200, tolerance: 8 } }));
  const people = boxes.flatMap((box) => box.people);
  const move = (id: string, key: string) => {
    const person = people.find((one) => one.id === id);
    const from = boxes.find((box) => box.people.some((one) => one.id === id));
    const to = boxes.find((box) => box.key === key);
    if (!person || !to || from === to) return;
    setSaid(t('board.moved', { name: person.user.name, room: to.name }));
    onMove(id, key);
  };
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    setDragged(null);
    if (over) move(String(active.id), String(over.id));
  };
  // The library would speak of each step in English; the menu is the way for the keyboard, and the result is told below.
  const accessibility = useMemo(() => ({ announcements: silent, screenReaderInstructions: { draggable: '' } }), []);
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      accessibility={accessibility}
      onDragStart={({ active }) => setDragged(people.find(({ id }) => id === active.id) ?? null)}
      onDragEnd={onDragEnd}
      onDragCancel={() => setDragged(null)}
    >
      <ul className={classes.boxes}>
        {boxes.map((box) => (
          <Box key={box.key} box={box} boxes={boxes} onMove={move} />
        ))}
      </ul>
      <DragOverlay dropAnimation={null}>{dragged && <Chip person={dragged} lifted />}</DragOverlay>
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </DndContext>
  );
}

const nothing = () => undefined;
const silent = { onDragStart: nothing, onDragOver: nothing, onDragEnd: nothing, onDragCancel: nothing };

function Box({ box, boxes, onMove }: { box: BoardBox; boxes: BoardBox[]; onMove: (personId: string, boxKey: string) => void }) {
  const { t } = useTranslation('groups');
  const { setNodeRef, isOver } = useDroppable({ id: box.key });
  return (
    <li ref={setNodeRef} className={classes.box} data-over={isOver || undefined} aria-label={box.name} data-box={box.key}>
      {box.head ?? <h3 className={classes.boxName}>{box.name}</h3>}
      {box.people.length === 0 ? (
        <p className={classes.nobody}>{t('board.nobody')}</p>
      ) : (
        <ul className={classes.people} aria-label={t('board.peopleOf', { room: box.name })}>
          {box.people.map((person) => (
            <li key={person.id}>
              <PersonChip person={person} boxes={boxes} boxKey={box.key} onMove={(key) => onMove(person.id, key)} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
