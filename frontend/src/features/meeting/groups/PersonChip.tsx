import { useDraggable } from '@dnd-kit/core';
import { Menu, UnstyledButton } from '@mantine/core';
import { Hand } from 'lucide-react';
import type { ComponentProps, Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { UserAvatar } from '@/components/UserAvatar';
import type { BoardBox, BoardPerson } from './board';
import classes from './groups.module.css';

interface PersonChipProps {
  person: BoardPerson;
  boxes: BoardBox[];
  boxKey: string;
  onMove: (boxKey: string) => void;
}

/** Somebody on the board: drag, or press for the list of rooms. */
export function PersonChip({ person, boxes, boxKey, onMove }: PersonChipProps) {
  const { t } = useTranslation('groups');
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: person.id });
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <Chip {...listeners} ref={setNodeRef} person={person} hidden={isDragging} />
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        <Menu.Label>{t('board.moveTo')}</Menu.Label>
        {boxes
          .filter((box) => box.key !== boxKey)
          .map((box) => (
            <Menu.Item key={box.key} onClick={() => onMove(box.key)}>
              {box.name}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface ChipProps extends Omit<ComponentProps<'button'>, 'hidden'> {
  person: BoardPerson;
  /** It is on its way: its place stays empty. */
  hidden?: boolean;
  lifted?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Chip({ person, hidden, lifted, ref, ...rest }: ChipProps) {
  const { t } = useTranslation(['groups', 'meeting']);
  const { user, self, absent, hand } = person;
  return (
    <UnstyledButton {...rest} ref={ref} className={classes.chip} data-hidden={hidden || undefined} data-lifted={lifted || undefined} data-absent={absent || undefined}>
      <UserAvatar user={user} size={26} />
      <span className="visually-hidden">{t('board.move')}</span>
      <span className={classes.name}>{self ? t('meeting:youNamed', { name: user.name }) : user.name}</span>
      {absent && <span className={classes.absent}>{t('board.absent')}</span>}
      {hand && <Hand size={15} className={classes.hand} role="img" aria-label={t('meeting:tile.hand')} />}
    </UnstyledButton>
  );
}
