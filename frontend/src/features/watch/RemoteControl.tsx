import { Button, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/components/hooks';
import classes from './panel.module.css';
import { useWatchRoom } from './room';
import { useFailed } from './useFailed';
import { useTeacherName } from './useTeacherName';
import { useWatch } from './useWatch';

/** Who drives: every teacher, or the one who took the remote. */
export function RemoteControl() {
  const { t } = useTranslation('lesson');
  const { session, participants, me } = useWatchRoom();
  const { settings } = useWatch();
  const { id: userId } = useMe();
  const nameOf = useTeacherName();
  const failed = useFailed();
  const holder = settings?.remote ?? '';
  const mine = holder === userId;
  const own = participants.find((one) => one.participant_id === me);
  const others = participants.filter(({ role, user }) => role !== 'student' && user.id !== userId);
  if (holder === '' && others.length === 0) return null;
  const order = (op: 'take' | 'release') => void session.remote({ op }).catch(failed);
  return (
    <div className={classes.group}>
      <h3 className={classes.groupTitle}>{t('remote.title')}</h3>
      <div className={classes.setting}>
        <span>{mine ? t('remote.mine') : holder === '' ? t('remote.everyone') : t('remote.other', { name: nameOf(holder) })}</span>
        {mine && (
          <Button size="compact-md" variant="default" onClick={() => order('release')}>
            {t('remote.release')}
          </Button>
        )}
        {!mine && (holder === '' || own?.role === 'owner') && (
          <Button size="compact-md" variant="default" onClick={() => order('take')}>
            {t('remote.take')}
          </Button>
        )}
      </div>
      {mine && others.length > 0 && (
        <NativeSelect
          aria-label={t('remote.handOver')}
          value=""
          data={[{ value: '', label: t('remote.handOver') }, ...others.map(({ user }) => ({ value: user.id, label: user.name }))]}
          onChange={(event) => {
            if (event.currentTarget.value) void session.remote({ op: 'hand_over', user_id: event.currentTarget.value }).catch(failed);
          }}
        />
      )}
    </div>
  );
}
