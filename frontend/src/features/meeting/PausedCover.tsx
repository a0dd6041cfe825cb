import { Pause } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Profile } from '@/api/wire.gen';
import { UserAvatar } from '@/components/UserAvatar';
import classes from './tile.module.css';

/** Over a picture that the connection here cannot carry now. The video stays beneath and goes on by itself. */
export function PausedCover({ user }: { user: Profile }) {
  const { t } = useTranslation('meeting');
  return (
    <div className={classes.paused}>
      <UserAvatar user={user} size={56} />
      <p>
        <Pause size={14} aria-hidden />
        {t('room.paused')}
      </p>
    </div>
  );
}
