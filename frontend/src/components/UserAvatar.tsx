import { UserX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Profile } from '@/api/wire.gen';
import classes from './UserAvatar.module.css';

interface UserAvatarProps {
  user: Pick<Profile, 'id' | 'name' | 'avatar_url' | 'deleted'>;
  size?: number;
  /** Shows a dot when given. */
  presence?: Profile['presence'];
}

/** First letters of a Latin name; the given name's last two characters of a Chinese one, as class lists do. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = words[0] ?? '';
  if (/\p{Script=Han}/u.test(first)) return [...first].slice(-2).join('');
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return `${[...first][0] ?? ''}${[...last][0] ?? ''}`.toLocaleUpperCase();
}

/** One of eight quiet tints, the same for a person everywhere. */
export function tintOf(id: string): number {
  let sum = 0;
  for (let i = 0; i < id.length; i++) sum = (sum * 31 + id.charCodeAt(i)) >>> 0;
  return sum % 8;
}

/** Decorative: the name stands beside it, or names the control around it. */
export function UserAvatar({ user, size = 36, presence }: UserAvatarProps) {
  const { t } = useTranslation();
  return (
    <span className={classes.avatar} style={{ width: size, height: size, fontSize: size * 0.37 }} data-tint={tintOf(user.id)}>
      <Face user={user} size={size} />
      {presence && !user.deleted && (
        <span className={classes.presence} data-presence={presence}>
          <span className="visually-hidden">{t(presence)}</span>
        </span>
      )}
    </span>
  );
}

function Face({ user, size }: Pick<UserAvatarProps, 'user'> & { size: number }) {
  if (user.deleted) return <UserX size={size * 0.5} aria-hidden="true" />;
  if (user.avatar_url) return <img src={user.avatar_url} alt="" draggable={false} />;
  return <span aria-hidden="true">{initials(user.name)}</span>;
}
