import { Button, NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { DoorOpen, History, Shuffle } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { again, assigned, dealt, type DraftGroup, MAX_GROUPS, planned, resized } from '@/classroom/grouping';
import { useSession } from '../sessions';
import { useAttempt } from '../useAttempt';
import type { BoardBox, BoardPerson } from './board';
import { GroupBoard } from './GroupBoard';
import classes from './groups.module.css';
import { usePlan } from './usePlan';

const NONE = 'none';
const MINUTES = [0, 5, 10, 15, 20, 30, 45, 60, 90];
const LONGEST_NAME = 100;

/** Before the groups: how many, who is in which, and for how long. */
export function PlanGroups({ channelId }: { channelId: string }) {
  const { t } = useTranslation('groups');
  const { breakouts: rooms } = useSession();
  const { groups, minutes, people, present, absent, last, nameOf } = usePlan(channelId);
  const attempt = useAttempt();
  const [opening, setOpening] = useState(false);
  const [withAbsent, setWithAbsent] = useState(false);
  const plan = (next: DraftGroup[]) => rooms.plan(next);
  const rename = (key: string, name: string) => plan(groups.map((group) => (group.key === key ? { ...group, name } : group)));
  const known = (ids: string[]) => ids.map((id) => people.get(id)).filter((person): person is BoardPerson => person !== undefined);
  const placed = new Set(groups.flatMap(({ userIds }) => userIds));
  const rest = [...people.values()].filter(({ id, absent: away }) => !placed.has(id) && (withAbsent || !away));

  const boxes: BoardBox[] = [
    ...groups.map(({ key, name, userIds }, index) => ({
      key,
      name: name.trim() || nameOf(index + 1),
      people: known(userIds),
      head: (
        <TextInput
          className={classes.nameField}
          variant="unstyled"
          aria-label={t('plan.name', { number: index + 1 })}
          placeholder={nameOf(index + 1)}
          maxLength={LONGEST_NAME}
          value={name}
          onChange={(event) => rename(key, event.currentTarget.value)}
        />
      ),
    })),
    { key: NONE, name: t('plan.inNone'), people: rest },
  ];
  const open = async () => {
    setOpening(true);
    await attempt(rooms.open(planned(groups, nameOf), minutes * 60));
    setOpening(false);
  };

  return (
    <>
      <div className={classes.scroll}>
        <p className={classes.hint}>{t('plan.hint')}</p>
        <div className={classes.settings}>
          <NumberInput
            label={t('plan.count')}
            min={1}
            max={MAX_GROUPS}
            clampBehavior="strict"
            allowDecimal={false}
            allowNegative={false}
            value={groups.length}
            onChange={(value) => typeof value === 'number' && value >= 1 && plan(resized(groups, value, nameOf))}
          />
          <Select
            label={t('plan.minutes')}
            allowDeselect={false}
            data={MINUTES.map((value) => ({ value: String(value), label: value === 0 ? t('plan.noEnd') : t('minutes', { count: value }) }))}
            value={String(minutes)}
            onChange={(value) => rooms.planMinutes(Number(value))}
          />
        </div>
        <div className={classes.actions}>
          <Button variant="default" size="sm" leftSection={<Shuffle size={16} aria-hidden />} disabled={present.length + (withAbsent ? absent.length : 0) === 0} onClick={() => plan(dealt(groups, withAbsent ? [...present, ...absent] : present))}>
            {t('plan.random')}
          </Button>
          <Button variant="default" size="sm" leftSection={<History size={16} aria-hidden />} disabled={last.length === 0} onClick={() => plan(again(last, (id) => people.has(id)))}>
            {t('plan.last')}
          </Button>
        </div>
        {absent.length > 0 && (
          <Switch label={t('plan.withAbsent', { count: absent.length })} checked={withAbsent} onChange={(event) => setWithAbsent(event.currentTarget.checked)} />
        )}
        <GroupBoard boxes={boxes} onMove={(userId, key) => plan(assigned(groups, userId, key === NONE ? null : key))} />
      </div>
      <footer className={classes.foot}>
        <Button fullWidth loading={opening} leftSection={<DoorOpen size={18} aria-hidden />} onClick={() => void open()}>
          {t('plan.open', { count: groups.length })}
        </Button>
      </footer>
    </>
  );
}
