import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeleteCommentMutation, useUpdateCommentMutation } from '@/api/posts';
import { asProblem } from '@/api/problem';
import type { Comment } from '@/api/wire.gen';
import { clockTime } from '@/components/clockTime';
import { useConfirm } from '@/components/confirm';
import { useMe } from '@/components/hooks';
import { Markdown } from '@/components/richtext/Markdown';
import { useNameOf } from '@/components/useNameOf';
import { useProblemWords } from '@/i18n/problems';
import { Attachments } from '@/components/chat/Attachments';
import { EntryEditor } from '@/components/chat/EntryEditor';
import { EntryFrame } from '@/components/chat/EntryFrame';
import { EntryMenu } from '@/components/chat/EntryMenu';
import classes from './PostCard.module.css';
import { ReactButton, ReactionRow } from '@/components/chat/Reactions';
import { type Role, teaches } from '@/components/roles';

interface CommentRowProps {
  comment: Comment;
  myRole: Role;
  authorRole: Role | undefined;
}

export function CommentRow({ comment, myRole, authorRole }: CommentRowProps) {
  const { t } = useTranslation('channels');
  const nameOf = useNameOf();
  const me = useMe();
  const { sentence } = useProblemWords();
  const { ask, dialog } = useConfirm();
  const [editing, setEditing] = useState(false);
  const [updateComment] = useUpdateCommentMutation();
  const [deleteComment] = useDeleteCommentMutation();
  const mine = comment.author.id === me.id;

  const remove = () =>
    ask({
      title: t('entry.delete'),
      text: t('entry.deleteComment'),
      action: t('entry.delete'),
      onConfirm: () =>
        void deleteComment({ id: comment.id, postId: comment.post_id, channelId: comment.channel_id }).then(({ error }) => {
          if (error) notifications.show({ color: 'red', message: sentence(asProblem(error)) });
        }),
    });

  return (
    <div role="group" aria-label={t('entry.commentBy', { name: nameOf(comment.author) })}>
      <EntryFrame
        author={comment.author}
        role={authorRole}
        createdAt={comment.created_at}
        small
        marks={
          <>
            {comment.moment && <span className={classes.mark}>{t('entry.moment', { time: clockTime(comment.moment.t) })}</span>}
            {comment.edited_at && <span className={classes.mark}>{t('entry.edited')}</span>}
          </>
        }
        actions={
          <>
            <ReactButton entry={comment} />
            <EntryMenu onEdit={mine ? () => setEditing(true) : null} onDelete={mine || teaches(myRole) ? remove : null} />
          </>
        }
      >
        {editing ? (
          <EntryEditor
            body={comment.body}
            hasFiles={comment.files.length > 0}
            onSave={(body) => updateComment({ id: comment.id, body })}
            onClose={() => setEditing(false)}
          />
        ) : (
          comment.body && <Markdown text={comment.body} />
        )}
        <Attachments files={comment.files} />
        <ReactionRow entry={comment} />
      </EntryFrame>
      {dialog}
    </div>
  );
}
