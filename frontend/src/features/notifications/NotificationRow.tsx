import { AtSign, MessageCircle, MessageSquareReply, Megaphone, PhoneMissed, SquarePen, UserPlus, Video } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Notification, NotificationKind } from '@/api/wire.gen';
import { UserAvatar } from '@/components/UserAvatar';
import { useFormats } from '@/i18n/format';
import classes from './NotificationList.module.css';
import { useSentence } from './sentence';

const icons: Record<NotificationKind, typeof AtSign> = {
  mention: AtSign,
  mention_all: Megaphone,
  post: SquarePen,
  comment: MessageCircle,
  reply: MessageSquareReply,
  message: MessageCircle,
  missed_call: PhoneMissed,
  meeting: Video,
  added: UserPlus,
};

export function NotificationRow({ notification, onOpen }: { notification: Notification; onOpen: () => void }) {
  const { t } = useTranslation('notifications');
  const sentence = useSentence();
  const { time, full } = useFormats();
  const { actor, kind, snippet, read, created_at: at } = notification;
  const Icon = icons[kind];
  return (
    <button type="button" className={classes.row} data-unread={!read || undefined} onClick={onOpen}>
      <span className={classes.who}>
        <UserAvatar user={actor} size={38} />
        <span className={classes.kind} data-kind={kind}>
          <Icon size={12} aria-hidden="true" />
        </span>
      </span>
      <span className={classes.words}>
        <span className={classes.sentence}>{sentence(notification)}</span>
        {snippet && <span className={classes.snippet}>{snippet}</span>}
      </span>
      <span className={classes.end}>
        <time dateTime={at} title={full(at)}>
          {time(at)}
        </time>
        {!read && (
          <span className={classes.dot}>
            <span className="visually-hidden">{t('unread')}</span>
          </span>
        )}
      </span>
    </button>
  );
}
