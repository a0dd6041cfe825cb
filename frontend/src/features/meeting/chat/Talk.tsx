import { useMediaQuery } from '@mantine/hooks';
import { MessagesSquare } from 'lucide-react';
import { useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useSelector } from 'react-redux';
import { outgoingTo, selectOutgoing } from '@/api/outbox';
import { postEntry } from '@/api/postEntry';
import type { Channel } from '@/api/wire.gen';
import { CommentRow } from '@/components/chat/CommentRow';
import { Composer } from '@/components/chat/Composer';
import { OutgoingEntry } from '@/components/chat/OutgoingEntry';
import { DropZone } from '@/components/chat/uploads/DropZone';
import { useUploads } from '@/components/chat/uploads/useUploads';
import { useMemberMap } from '@/components/chat/useMemberMap';
import { EmptyState } from '@/components/EmptyState';
import { useAppDispatch, useMe } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import { teaches } from '@/components/roles';
import { rowsOf } from '@/components/stream/rows';
import { Stream, type StreamHandle } from '@/components/stream/Stream';
import { useStream } from '@/components/stream/useStream';
import { useNameOf } from '@/components/useNameOf';
import { useMeetingPart } from '../sessions';
import classes from './chat.module.css';
import { TalkSkeleton } from './TalkSkeleton';
import { useChat } from './useChat';

/** What is said in the chat, and where one says something. */
export function Talk({ channel, postId }: { channel: Channel; postId: string }) {
  const { t } = useTranslation('classroom');
  const me = useMe();
  const nameOf = useNameOf();
  const dispatch = useAppDispatch();
  const touch = useMediaQuery('(pointer: coarse)', false, { getInitialValueInEffect: false });
  const view = useStream('comments', postId);
  const outgoing = useSelector(selectOutgoing);
  const members = useMemberMap(channel.id);
  const uploads = useUploads(`post:${postId}`);
  const { unread, seenId, newestId, saw } = useChat(channel.id);
  const locked = useMeetingPart((room) => room.settings.chat_locked) && !teaches(channel.my_role);
  const stream = useRef<StreamHandle>(null);
  const closed = channel.archived_at !== null;
  const rows = rowsOf(view.items ?? [], outgoingTo(outgoing, { kind: 'post', id: postId }), me.id);

  const send = useCallback<Parameters<typeof Composer>[0]['onSend']>(
    (body, files, blobs) => {
      void dispatch(postEntry({ userId: me.id, place: { kind: 'post', id: postId, channelId: channel.id }, body, files, blobs }));
      stream.current?.jump();
    },
    [dispatch, me.id, postId, channel.id],
  );

  return (
    <DropZone className={classes.talk} uploads={uploads}>
      <Stream
        ref={stream}
        label={t('chat.title')}
        rows={rows}
        view={view}
        reading={{ unread, lastReadId: seenId, latestId: newestId, markRead: saw }}
        beginning={<p className={classes.beginning}>{t('chat.beginning')}</p>}
        announce={(comment) => t('chat.newBy', { name: nameOf(comment.author) })}
        placeholder={
          view.items ? (
            <EmptyState icon={<MessagesSquare size={26} />} title={t('chat.emptyTitle')} text={t('chat.emptyText')} />
          ) : view.problem ? (
            <ProblemNote problem={view.problem} title={t('chat.failed')} onRetry={view.refetch} />
          ) : (
            <TalkSkeleton />
          )
        }
      >
        {(row) =>
          row.kind === 'entry' ? (
            <CommentRow comment={row.entry} myRole={channel.my_role} authorRole={members.get(row.entry.author.id)?.role} closed={closed || locked} />
          ) : (
            <OutgoingEntry item={row.item} role={channel.my_role} small />
          )
        }
      </Stream>
      <div className={classes.dock}>
        {closed || locked ? (
          <p className={classes.closed} role="status">
            {t(closed ? 'chat.closedArchived' : 'chat.locked')}
          </p>
        ) : (
          <Composer place={`post:${postId}`} label={t('chat.write')} uploads={uploads} compact autoFocus={!touch} onSend={send} />
        )}
      </div>
    </DropZone>
  );
}
