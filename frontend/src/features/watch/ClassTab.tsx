import { Button, NativeSelect, UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Megaphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '@/components/clockTime';
import { ClassPeople } from './ClassPeople';
import { worstMoments } from './curve';
import { DeviceSound } from './DeviceSound';
import classes from './panel.module.css';
import { PromptSwitch } from './PromptSwitch';
import { RemoteControl } from './RemoteControl';
import { useLesson, useWatchRoom } from './room';
import { useDriving } from './useDriving';
import { useFailed } from './useFailed';
import { useWatch } from './useWatch';

/** For teachers: who follows and how, and the switches of the class. */
export function ClassTab() {
  const { t } = useTranslation('lesson');
  const { session } = useWatchRoom();
  const { classState, settings, timeline } = useWatch();
  const { heldBy } = useDriving();
  const failed = useFailed();
  return (
    <div className={classes.stack}>
      <div className={classes.group}>
        {classState && classState.people.length > 0 ? <ClassPeople people={classState.people} /> : <p className={classes.hint}>{t('class.nobody')}</p>}
        {timeline?.item && (
          <Button
            variant="default"
            leftSection={<Megaphone size={16} />}
            disabled={heldBy !== null}
            onClick={() => void session.recall().then(() => notifications.show({ message: t('class.recalled') }), failed)}
          >
            {t('class.recall')}
          </Button>
        )}
      </div>
      <LostMoments />
      <div className={classes.group}>
        <PromptSwitch
          label={t('class.free')}
          description={t('class.freeText')}
          checked={settings?.free_browsing === true}
          disabled={heldBy !== null}
          onAsk={(on) => session.setSettings({ free_browsing: on })}
        />
      </div>
      <RemoteControl />
      <RoomSoundSetting />
      <DeviceSound />
    </div>
  );
}

/** In words what the curve over the track shows. */
function LostMoments() {
  const { t } = useTranslation('lesson');
  const { session } = useWatchRoom();
  const { timeline } = useWatch();
  const { lost } = useLesson();
  const { drives } = useDriving();
  const failed = useFailed();
  const curve = lost.find(({ key }) => key === timeline?.item?.key);
  if (!curve || curve.buckets.length === 0) return null;
  return (
    <div className={classes.group}>
      <h3 className={classes.groupTitle}>{t('class.lost')}</h3>
      <ul className={classes.rows}>
        {worstMoments(curve, 3).map(({ t: at, n }) => (
          <li key={at} className={classes.setting}>
            <UnstyledButton
              className={classes.time}
              disabled={!drives}
              aria-label={t('questions.go', { time: clockTime(at) })}
              onClick={() => void session.seek(at).catch(failed)}
            >
              {clockTime(at)}
            </UnstyledButton>
            <span className={classes.grow}>{t('class.lostCount', { count: n })}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** One device plays the sound for everybody who sits in the same room. */
function RoomSoundSetting() {
  const { t } = useTranslation('lesson');
  const { session, participants, me } = useWatchRoom();
  const { settings } = useWatch();
  const { heldBy } = useDriving();
  const failed = useFailed();
  const chosen = settings?.room_sound ?? '';
  const set = (roomSound: string) => session.setSettings({ room_sound: roomSound });
  return (
    <div className={classes.group}>
      <PromptSwitch
        label={t('class.room')}
        description={t('class.roomText')}
        checked={chosen !== ''}
        disabled={heldBy !== null}
        onAsk={(on) => set(on ? (me ?? '') : '')}
      />
      {chosen !== '' && (
        <NativeSelect
          aria-label={t('class.roomDevice')}
          value={chosen}
          disabled={heldBy !== null}
          data={participants.map(({ participant_id: id, user }) => ({ value: id, label: id === me ? t('class.thisDevice') : user.name }))}
          onChange={(event) => void set(event.currentTarget.value).catch(failed)}
        />
      )}
    </div>
  );
}
