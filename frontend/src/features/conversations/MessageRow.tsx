import { ActionIcon } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Reply } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useUpdateMessageMutation } from '@/api/conversations';
import type { Message } from '@/api/wire.gen';
import { Attachments } from '@/components/chat/Attachments';
import { EntryEditor } from '@/components/chat/EntryEditor';
import { EntryMenu } from '@/components/chat/EntryMenu';
import { ReactButton, ReactionRow } from '@/components/chat/Reactions';
import { ProfileCard } from '@/components/ProfileCard';
import { Markdown } from '@/components/richtext/Markdown';
import { UserAvatar } from '@/components/UserAvatar';
import { useNameOf } from '@/components/useNameOf';
import { useFormats } from '@/i18n/format';
import { CallLine } from './CallLine';
import type { Mark } from './groups';
import classes from './message.module.css';
import { QuoteBlock } from './QuoteBlock';
import { ReadMark } from './ReadMark';

export interface MessageActions {
  reply: (message: Message) => void;
  edit: (id: string | null) => void;
  remove: (message: Message) => void;
}

interface MessageRowProps {
  message: Message;
  mine: boolean;
  /** It stands under one of the same person and minute; and the last of them tells the time. */
  joined: boolean;
  last: boolean;
  mark: Mark | null;
  /** Draws the eye to it after a link was followed. */
  marked: boolean;
  editing: boolean;
  actions: MessageActions;
}

export const MessageRow = memo(function MessageRow({ message, mine, joined, last, mark, marked, editing, actions }: MessageRowProps) {
  const { t } = useTranslation(['conversations', 'chat']);
  const nameOf = useNameOf();
  const { time, full } = useFormats();
  const [updateMessage] = useUpdateMessageMutation();
  const { author, body, files, reply_to: quote, created_at: at } = message;

  if (message.call) return <CallLine call={message.call} createdAt={at} />;

  const copy = async (text: string, done: string) => {
    await navigator.clipboard.writeText(text);
    notifications.show({ message: done, autoClose: 2500 });
  };
  return (
    <article
      className={classes.row}
      data-mine={mine || undefined}
      data-joined={joined || undefined}
      data-marked={marked || undefined}
      aria-label={mine ? t('mine', { time: time(at) }) : t('messageBy', { name: nameOf(author), time: time(at) })}
    >
      {!mine && (
        <span className={classes.avatar}>
          {!joined && (
            <ProfileCard user={author}>
              <UserAvatar user={author} size={34} />
            </ProfileCard>
          )}
        </span>
      )}
      <div className={classes.body}>
        <div className={classes.line}>
          <div className={classes.bubble} data-editing={editing || undefined}>
            {quote && <QuoteBlock quote={quote} conversationId={message.conversation_id} />}
            {editing ? (
              <EntryEditor body={body} hasFiles={files.length > 0} onSave={(text) => updateMessage({ id: message.id, body: text })} onClose={() => actions.edit(null)} />
            ) : (
              body && <Markdown text={body} />
            )}
            <Attachments files={files} />
          </div>
          {!editing && (
            <span className={classes.meta}>
              {message.edited_at && <span>{t('edited')}</span>}
              {mark && (last || mark !== 'read') && <ReadMark mark={mark} />}
              {last && (
                <time dateTime={at} title={full(at)}>
                  {time(at)}
                </time>
              )}
            </span>
          )}
          {!editing && (
            <div className={classes.actions}>
              <ReactButton entry={message} />
              <ActionIcon variant="subtle" color="gray" onClick={() => actions.reply(message)} aria-label={t('chat:entry.reply')} title={t('chat:entry.reply')}>
                <Reply size={17} aria-hidden="true" />
              </ActionIcon>
              <EntryMenu
                onReply={() => actions.reply(message)}
                onCopyText={body ? () => void copy(body, t('chat:entry.textCopied')) : null}
                onCopyLink={() => void copy(`${location.origin}/conversations/${message.conversation_id}?message=${message.id}`, t('chat:entry.linkCopied'))}
                onEdit={mine ? () => actions.edit(message.id) : null}
                onDelete={mine ? () => actions.remove(message) : null}
              />
            </div>
          )}
        </div>
        <ReactionRow entry={message} />
      </div>
    </article>
  );
});
