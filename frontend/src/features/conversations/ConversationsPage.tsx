import { Skeleton } from '@mantine/core';
import { MessagesSquare } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSelector } from 'react-redux';
import { Link } from 'react-router';
import { useConversationsQuery } from '@/api/conversations';
import { asProblem } from '@/api/problem';
import type { Conversation } from '@/api/wire.gen';
import { snippet } from '@/components/chat/snippet';
import { EmptyState } from '@/components/EmptyState';
import { useMe } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import { UserAvatar } from '@/components/UserAvatar';
import { useNameOf } from '@/components/useNameOf';
import { useTitle } from '@/components/useTitle';
import { useFormats } from '@/i18n/format';
import { selectTyping, type TypingState } from '@/realtime/typing';
import classes from './ConversationsPage.module.css';

const newestOf = ({ last_message: last, created_at }: Conversation) => last?.created_at ?? created_at;

/** All one's conversations, where something was said last on top. */
export function ConversationsPage() {
  const { t } = useTranslation(['conversations', 'common']);
  const { data: conversations, error, refetch } = useConversationsQuery();
  useTitle(t('title'));
  const sorted = [...(conversations ?? [])].sort((a, b) => (newestOf(a) < newestOf(b) ? 1 : -1));
  return (
    <div className={classes.scroller}>
      <div className={classes.inner}>
        <h1 className={classes.title}>{t('title')}</h1>
        {error && !conversations && <ProblemNote problem={asProblem(error)} title={t('listFailed')} onRetry={() => void refetch()} />}
        {!conversations && !error && (
          <div role="status">
            <span className="visually-hidden">{t('common:loading')}</span>
            {[1, 2, 3].map((n) => (
              <Skeleton key={n} height={64} radius="md" mb={8} />
            ))}
          </div>
        )}
        {conversations?.length === 0 && <EmptyState icon={<MessagesSquare size={26} />} title={t('none')} text={t('noneText')} />}
        <ul className={classes.list}>
          {sorted.map((conversation) => (
            <Item key={conversation.id} conversation={conversation} />
          ))}
        </ul>
      </div>
    </div>
  );
}

function Item({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('conversations');
  const me = useMe();
  const nameOf = useNameOf();
  const { ago, full, number } = useFormats();
  const { id, peer, last_message: last, unread_count: unread, muted } = conversation;
  const alone = peer.id === me.id;
  const typing = useSelector((state: { typing: TypingState }) => (selectTyping(state, id)[peer.id] ?? 0) > Date.now());
  return (
    <li>
      <Link to={`/conversations/${id}`} className={classes.item} data-unread={(unread > 0 && !muted) || undefined}>
        <UserAvatar user={peer} size={44} {...(!alone && { presence: peer.presence })} />
        <span className={classes.words}>
          <span className={classes.name}>{alone ? t('notes') : nameOf(peer)}</span>
          <span className={classes.last}>{typing ? t('typing') : last && <Last conversation={conversation} />}</span>
        </span>
        <span className={classes.side}>
          {last && (
            <time dateTime={last.created_at} title={full(last.created_at)}>
              {ago(last.created_at)}
            </time>
          )}
          {unread > 0 && (
            <span className={classes.unread} data-muted={muted || undefined}>
              <span aria-hidden="true">{number(unread)}</span>
              <span className="visually-hidden">{t('unread', { count: unread })}</span>
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}

function Last({ conversation: { last_message: last } }: { conversation: Conversation }) {
  const { t } = useTranslation('conversations');
  const me = useMe();
  if (!last) return null;
  if (last.call) return t(last.call.media === 'video' ? 'call.video' : 'call.audio');
  const words = snippet(last.body) || (last.files[0]?.voice ? t('voice') : t('files', { count: last.files.length }));
  return last.author.id === me.id ? t('you', { text: words }) : words;
}
