import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeleteCommentMutation, useUpdateCommentMutation } from '@/api/posts';
import type { Comment } from '@/api/wire.gen';
import { clockTime } from '../clockTime';
import { useConfirm } from '../confirm';
import { useMe } from '../hooks';
import { Markdown } from '../richtext/Markdown';
import { useNameOf } from '../useNameOf';
import { permalink } from '../permalink';
import { useReport } from '../useReport';
import { Attachments } from './Attachments';
import { EntryEditor } from './EntryEditor';
import { EntryFrame } from './EntryFrame';
import { EntryMenu } from './EntryMenu';
import classes from './entry.module.css';
import { ReactButton, ReactionRow } from './Reactions';
import { type Role, teaches } from '../roles';

interface CommentRowProps {
  comment: Comment;
  myRole: Role;
  authorRole: Role | undefined;
  /** The channel is archived: nothing changes any more. */
  closed: boolean;
}

export function CommentRow({ comment, myRole, authorRole, closed }: CommentRowProps) {
  const { t } = useTranslation('channels');
  const nameOf = useNameOf();
  const me = useMe();
  const report = useReport();
  const { ask, dialog } = useConfirm();
  const [editing, setEditing] = useState(false);
  const [updateComment] = useUpdateCommentMutation();
  const [deleteComment] = useDeleteCommentMutation();
  const mine = comment.author.id === me.id;

  const copyLink = async () => {
    const { channel_id, post_id, id } = comment;
    await navigator.clipboard.writeText(location.origin + permalink({ channel_id, post_id, comment_id: id }));
    notifications.show({ message: t('entry.linkCopied'), autoClose: 2500 });
  };
  const remove = () =>
    ask({
      title: t('entry.delete'),
      text: t('entry.deleteComment'),
      action: t('entry.delete'),
      onConfirm: () =>
        void deleteComment({ id: comment.id, postId: comment.post_id, channelId: comment.channel_id }).then(report),
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
            {!closed && <ReactButton entry={comment} />}
            <EntryMenu
              onEdit={mine && !closed ? () => setEditing(true) : null}
              onDelete={(mine || teaches(myRole)) && !closed ? remove : null}
              onCopyLink={() => void copyLink()}
            />
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
