import { notifications } from '@mantine/notifications';
import { Pin } from 'lucide-react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeletePostMutation, useUpdatePostMutation } from '@/api/posts';
import type { Post } from '@/api/wire.gen';
import { useConfirm } from '@/components/confirm';
import { useMe } from '@/components/hooks';
import { Markdown } from '@/components/richtext/Markdown';
import { useNameOf } from '@/components/useNameOf';
import { permalink } from '@/components/permalink';
import { useReport } from '@/components/useReport';
import { Attachments } from '@/components/chat/Attachments';
import { Comments } from './Comments';
import { EntryEditor } from '@/components/chat/EntryEditor';
import { EntryFrame } from '@/components/chat/EntryFrame';
import { EntryMenu } from '@/components/chat/EntryMenu';
import { MeetingCard } from './meetings/MeetingCard';
import marks from '@/components/chat/entry.module.css';
import classes from './PostCard.module.css';
import { ReactButton, ReactionRow } from '@/components/chat/Reactions';
import { type Role, teaches } from '@/components/roles';

interface PostCardProps {
  post: Post;
  myRole: Role;
  authorRole: Role | undefined;
  /** Draws the eye to it after a permalink. */
  marked: boolean;
  /** The channel is archived: nothing changes any more. */
  closed: boolean;
}

export const PostCard = memo(function PostCard({ post, myRole, authorRole, marked, closed }: PostCardProps) {
  const { t } = useTranslation(['channels', 'common']);
  const nameOf = useNameOf();
  const me = useMe();
  const report = useReport();
  const { ask, dialog } = useConfirm();
  const [editing, setEditing] = useState(false);
  const [updatePost] = useUpdatePostMutation();
  const [deletePost] = useDeletePostMutation();
  const mine = post.author.id === me.id;
  // What the post of a meeting says is for readers without the card.
  const body = post.meeting ? '' : post.body;

  const copyLink = async () => {
    await navigator.clipboard.writeText(location.origin + permalink({ channel_id: post.channel_id, post_id: post.id }));
    notifications.show({ message: t('entry.linkCopied'), autoClose: 2500 });
  };
  const remove = () =>
    ask({
      title: t('entry.delete'),
      text: t('entry.deletePost'),
      action: t('entry.delete'),
      onConfirm: () => void deletePost({ id: post.id, channelId: post.channel_id }).then(report),
    });

  return (
    <article
      id={`post-${post.id}`}
      tabIndex={-1}
      className={classes.card}
      data-pinned={post.pinned || undefined}
      data-marked={marked || undefined}
      aria-label={t('entry.postBy', { name: nameOf(post.author) })}
    >
      <EntryFrame
        author={post.author}
        role={authorRole}
        createdAt={post.created_at}
        marks={
          <>
            {post.edited_at && <span className={marks.mark}>{t('entry.edited')}</span>}
            {post.pinned && (
              <span className={marks.mark} data-accent>
                <Pin size={13} aria-hidden="true" />
                {t('entry.pinned')}
              </span>
            )}
          </>
        }
        actions={
          <>
            {!closed && <ReactButton entry={post} />}
            <EntryMenu
              onEdit={mine && !closed && !post.meeting ? () => setEditing(true) : null}
              onDelete={(mine || teaches(myRole)) && !closed ? remove : null}
              onCopyLink={() => void copyLink()}
              pin={teaches(myRole) && !closed ? { pinned: post.pinned, toggle: () => void updatePost({ id: post.id, pinned: !post.pinned }).then(report) } : null}
            />
          </>
        }
      >
        {editing ? (
          <EntryEditor
            body={post.body}
            hasFiles={post.files.length > 0}
            onSave={(body) => updatePost({ id: post.id, body })}
            onClose={() => setEditing(false)}
          />
        ) : (
          body && <Markdown text={body} />
        )}
        {post.meeting && <MeetingCard meeting={post.meeting} channelId={post.channel_id} myRole={myRole} />}
        <Attachments files={post.files} />
        <ReactionRow entry={post} />
      </EntryFrame>
      <Comments post={post} myRole={myRole} closed={closed} />
      {dialog}
    </article>
  );
});
