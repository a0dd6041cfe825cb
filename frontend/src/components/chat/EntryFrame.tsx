import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Profile } from '@/api/wire.gen';
import { ProfileCard } from '@/components/ProfileCard';
import { useNameOf } from '@/components/useNameOf';
import { UserAvatar } from '@/components/UserAvatar';
import { useFormats } from '@/i18n/format';
import classes from './EntryFrame.module.css';
import { type Role, teaches } from '../roles';

interface EntryFrameProps {
  author: Pick<Profile, 'id' | 'name' | 'avatar_url' | 'deleted'>;
  role: Role | undefined;
  createdAt: string;
  small?: boolean;
  /** Beside the time: edited, pinned, sending. */
  marks?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** Who wrote, when, and what: the same frame for posts and comments, sent or still on their way. */
export function EntryFrame({ author, role, createdAt, small = false, marks, actions, children }: EntryFrameProps) {
  const { t } = useTranslation('channels');
  const nameOf = useNameOf();
  const { time, full } = useFormats();
  return (
    <div className={classes.frame} data-small={small || undefined}>
      <UserAvatar user={author} size={small ? 28 : 38} />
      <div className={classes.content}>
        <div className={classes.head}>
          <ProfileCard user={author} className={classes.name ?? ''} {...(role && { note: t(`peoplePanel.roles.${role}`) })}>
            {nameOf(author)}
          </ProfileCard>
          {role && teaches(role) && <span className={classes.role}>{t(`peoplePanel.roles.${role}`)}</span>}
          <time className={classes.time} dateTime={createdAt} title={full(createdAt)}>
            {time(createdAt)}
          </time>
          {marks}
        </div>
        {children}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}
