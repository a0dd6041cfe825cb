import { ActionIcon, Button } from '@mantine/core';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Waiter } from '@/api/wire.gen';
import { UserAvatar } from '@/components/UserAvatar';
import { useSession } from '../sessions';
import classes from './people.module.css';
import { Since } from './Since';
import { useAct } from './useAct';

/** Somebody who waits to be let in. */
export function WaiterRow({ waiter: { user, member, since } }: { waiter: Waiter }) {
  const { t } = useTranslation('classroom');
  const { classroom } = useSession();
  const act = useAct();
  return (
    <div className={classes.person}>
      <UserAvatar user={user} size={34} />
      <div className={classes.who}>
        <span className={classes.name} title={user.name}>
          {user.name}
        </span>
        <span className={classes.note}>
          {!member && `${t('lobby.notMember')} · `}
          <Since at={since} />
        </span>
      </div>
      <Button size="compact-md" aria-label={t('lobby.admitNamed', { name: user.name })} onClick={() => void act(classroom.admit(user.id))}>
        {t('lobby.admit')}
      </Button>
      <ActionIcon size={44} variant="subtle" color="gray" aria-label={t('lobby.denyNamed', { name: user.name })} onClick={() => void act(classroom.deny(user.id))}>
        <X size={18} aria-hidden />
      </ActionIcon>
    </div>
  );
}
