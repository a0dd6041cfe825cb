import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useWatchRoom } from './room';
import { useDriving } from './useDriving';
import { useFailed } from './useFailed';
import { useTeacherName } from './useTeacherName';
import { useWatch } from './useWatch';
import classes from './watch.module.css';

/** Calls that were shown: a stage that comes anew does not say them again. */
const told = new WeakSet<object>();

/** What is out of the ordinary, in a line between title and track, with its remedy. */
export function Notices() {
  const { t } = useTranslation('watch');
  const { session, teacher, participants, me } = useWatchRoom();
  const { timeline, settings, classState, called, problem } = useWatch();
  const { free, heldBy } = useDriving();
  const nameOf = useTeacherName();
  const failed = useFailed();
  const owner = participants.find((one) => one.participant_id === me)?.role === 'owner';

  useEffect(() => {
    if (teacher || !called || told.has(called)) return;
    told.add(called);
    if (called.kind === 'recall') notifications.show({ message: t('notice.recalled', { name: nameOf(called.byUserId) }) });
    else notifications.show({ color: 'orange', message: t('notice.nudged', { name: nameOf(called.byUserId) }) });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once per call to a student, whatever else changes
  }, [called]);

  if (free) {
    return (
      <Notice text={t('notice.free')}>
        <Button size="sm" onClick={() => session.rejoin()}>
          {t('rejoin')}
        </Button>
      </Notice>
    );
  }
  if (timeline?.start_by != null && !timeline.playing && !problem) {
    return (
      <Notice text={teacher ? t('notice.waiting', { ready: classState?.ready ?? 0, quorum: classState?.quorum ?? 0 }) : t('notice.starting')}>
        {teacher && !heldBy && (
          <Button size="sm" onClick={() => void session.play().catch(failed)}>
            {t('startNow')}
          </Button>
        )}
      </Notice>
    );
  }
  if (teacher && heldBy) {
    return (
      <Notice text={t('notice.held', { name: nameOf(heldBy) })}>
        {owner && (
          <Button size="sm" variant="default" onClick={() => void session.remote({ op: 'take' }).catch(failed)}>
            {t('takeRemote')}
          </Button>
        )}
      </Notice>
    );
  }
  if (!teacher && settings?.room_sound && settings.room_sound !== me) return <RoomSound playerId={settings.room_sound} />;
  return null;
}

/** One device plays the sound for a room: whoever sits there is silent. */
function RoomSound({ playerId }: { playerId: string }) {
  const { t } = useTranslation('watch');
  const { session, participants } = useWatchRoom();
  const { sameRoom } = useWatch();
  const name = participants.find((one) => one.participant_id === playerId)?.user.name ?? '';
  return (
    <Notice text={sameRoom ? t('notice.silentHere', { name }) : t('notice.roomSound', { name })}>
      <Button size="sm" variant="default" onClick={() => session.setSameRoom(!sameRoom)}>
        {sameRoom ? t('notHere') : t('here')}
      </Button>
    </Notice>
  );
}

function Notice({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className={classes.notice} role="status">
      <span>{text}</span>
      {children}
    </div>
  );
}
