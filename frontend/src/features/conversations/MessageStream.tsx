import { Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { MessageCircleHeart, NotebookPen } from 'lucide-react';
import { type Ref, useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSelector } from 'react-redux';
import { useLocation } from 'react-router';
import { useDeleteMessageMutation, useMarkConversationReadMutation } from '@/api/conversations';
import { outgoingTo, selectOutgoing } from '@/api/outbox';
import type { Conversation, Message } from '@/api/wire.gen';
import { useConfirm } from '@/components/confirm';
import { EmptyState } from '@/components/EmptyState';
import { useMe } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import { rowsOf } from '@/components/stream/rows';
import { Stream, type StreamHandle } from '@/components/stream/Stream';
import { type Target, useStream } from '@/components/stream/useStream';
import { useNameOf } from '@/components/useNameOf';
import { useReport } from '@/components/useReport';
import classes from './ConversationPage.module.css';
import { markOf, together } from './groups';
import { type MessageActions, MessageRow } from './MessageRow';
import { OutgoingMessage } from './OutgoingMessage';

export interface MessagesHandle extends StreamHandle {
  /** Opens the newest message of one's own for editing. */
  editLast: () => void;
}

interface MessageStreamProps {
  conversation: Conversation;
  onReply: (message: Message) => void;
  /** The editor is closed: writing goes on. */
  onEdited: () => void;
  ref?: Ref<MessagesHandle>;
}

/** The messages of two people, with what is on its way. */
export function MessageStream({ conversation, onReply, onEdited, ref }: MessageStreamProps) {
  const { t } = useTranslation('conversations');
  const me = useMe();
  const nameOf = useNameOf();
  const report = useReport();
  const target = useLinkedMessage();
  const view = useStream('messages', conversation.id, target);
  const outgoing = useSelector(selectOutgoing);
  const [markRead] = useMarkConversationReadMutation();
  const mark = useCallback((upTo: string) => void markRead({ conversationId: conversation.id, upTo }), [markRead, conversation.id]);
  const [deleteMessage] = useDeleteMessageMutation();
  const { ask, dialog } = useConfirm();
  const [editing, setEditing] = useState<string | null>(null);
  const stream = useRef<StreamHandle>(null);
  const rows = rowsOf(view.items ?? [], outgoingTo(outgoing, { kind: 'conversation', id: conversation.id }), me.id);
  const after = new Map(rows.map((row, n) => [row.key, rows[n + 1]]));
  const { missing } = view;
  const alone = conversation.peer.id === me.id;

  useEffect(() => {
    if (missing) notifications.show({ message: t('gone'), color: 'yellow' });
  }, [missing, t]);

  useImperativeHandle(ref, () => ({
    jump: () => stream.current?.jump(),
    editLast: () => {
      const last = rows.findLast((row) => row.kind === 'entry' && row.mine && !row.entry.call && row.entry.body !== '');
      if (last) setEditing(last.id);
    },
  }));

  const latest = useRef({ onReply, onEdited, ask, deleteMessage, report, t });
  latest.current = { onReply, onEdited, ask, deleteMessage, report, t };
  const actions = useMemo<MessageActions>(
    () => ({
      reply: (message) => latest.current.onReply(message),
      edit: (id) => {
        setEditing(id);
        if (id === null) latest.current.onEdited();
      },
      remove: ({ id, conversation_id: conversationId }) => {
        const now = latest.current;
        now.ask({
          title: now.t('deleteTitle'),
          text: now.t('deleteText'),
          action: now.t('delete'),
          onConfirm: () => void now.deleteMessage({ id, conversationId }).then(now.report),
        });
      },
    }),
    [],
  );

  return (
    <div className={classes.messages}>
      <Stream
        ref={stream}
        label={t('messages')}
        rows={rows}
        view={view}
        reading={{
          unread: conversation.unread_count,
          lastReadId: conversation.last_read_id,
          latestId: conversation.last_message?.id ?? null,
          markRead: mark,
        }}
        beginning={<p className={classes.beginning}>{alone ? t('notesText') : t('beginning', { name: nameOf(conversation.peer) })}</p>}
        announce={(message) => t('newBy', { name: nameOf(message.author) })}
        placeholder={
          view.items ? (
            alone ? (
              <EmptyState icon={<NotebookPen size={26} />} title={t('notes')} text={t('notesText')} />
            ) : (
              <EmptyState icon={<MessageCircleHeart size={26} />} title={t('empty.title', { name: nameOf(conversation.peer) })} text={t('empty.text')} />
            )
          ) : view.problem ? (
            <ProblemNote problem={view.problem} title={t('loadFailed')} onRetry={view.refetch} />
          ) : (
            <Skeletons />
          )
        }
      >
        {(row, { marked, previous }) =>
          row.kind === 'entry' ? (
            <MessageRow
              message={row.entry}
              mine={row.mine}
              joined={together(previous, row)}
              last={!together(row, after.get(row.key))}
              mark={row.mine && !alone ? markOf(row.id, conversation.peer_read_id, conversation.peer_delivered_id) : null}
              marked={marked}
              editing={editing === row.id}
              actions={actions}
            />
          ) : (
            <OutgoingMessage item={row.item} joined={together(previous, row)} />
          )
        }
      </Stream>
      {dialog}
    </div>
  );
}

/** The message that the address names: `?message=<id>`. */
function useLinkedMessage(): Target | null {
  const { search, key } = useLocation();
  const id = new URLSearchParams(search).get('message');
  return useMemo(() => (id === null ? null : { id, key }), [id, key]);
}

function Skeletons() {
  const { t } = useTranslation();
  return (
    <div role="status" className={classes.skeletons}>
      <span className="visually-hidden">{t('loading')}</span>
      {[46, 62, 30, 54, 38].map((width, n) => (
        <Skeleton key={width} height={n % 2 === 0 ? 40 : 58} width={`${width}%`} radius={16} ml={n % 2 === 0 ? 0 : 'auto'} />
      ))}
    </div>
  );
}
