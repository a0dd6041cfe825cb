import { useTranslation } from 'react-i18next';
import type { Notification } from '@/api/wire.gen';
import { permalink } from '@/components/permalink';
import { useNameOf } from '@/components/useNameOf';

/** What happened, in a line: who did what where. */
export function useSentence(): (notification: Notification) => string {
  const { t } = useTranslation('notifications');
  const nameOf = useNameOf();
  return ({ kind, actor, title, conversation_id }) => {
    const words = { name: nameOf(actor), place: title };
    return t(kind === 'reply' && conversation_id ? 'kinds.answer' : `kinds.${kind}`, words);
  };
}

/** The page where it happened. A meeting is entered from its channel, on purpose. */
export function addressOf(notification: Notification): string {
  return permalink(notification);
}

/** The place that somebody may be looking at already, as `placeOf` names it. */
export function placeOfNotification({ conversation_id, channel_id }: Notification): string | null {
  if (conversation_id) return `conversation:${conversation_id}`;
  return channel_id ? `channel:${channel_id}` : null;
}
