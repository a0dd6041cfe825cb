import { Button, Skeleton } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { MessageCircle } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSelector } from 'react-redux';
import { useCommentsQuery } from '@/api/posts';
import { outgoingTo, postEntry, selectOutgoing } from '@/api/outbox';
import { asProblem } from '@/api/problem';
import type { Post } from '@/api/wire.gen';
import { useAppDispatch, useMe } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import { CommentRow } from './CommentRow';
import classes from './Comments.module.css';
import { Composer } from '@/components/chat/Composer';
import { OutgoingEntry } from './OutgoingEntry';
import type { Role } from '@/components/roles';
import { rowsOf } from '@/components/stream/rows';
import { useMemberMap } from '@/components/chat/useMemberMap';
import { useUploads } from '@/components/chat/useUploads';
import { loadDraft } from '@/api/drafts';

/** How many of the newest comments show before the rest is asked for. */
const SHOWN = 3;

/** The answers under a post: the newest few at once, all on demand, and a place to write one. */
export function Comments({ post, myRole }: { post: Post; myRole: Role }) {
  const { t } = useTranslation('channels');
  const me = useMe();
  const dispatch = useAppDispatch();
  const { ref, entry } = useIntersection({ rootMargin: '200px' });
  const [seen, setSeen] = useState(false);
  if (entry?.isIntersecting && !seen) setSeen(true);
  const { data, error, isLoading, refetch } = useCommentsQuery(post.id, { skip: !seen || post.comment_count === 0 });
  const outgoing = useSelector(selectOutgoing);
  const members = useMemberMap(post.channel_id);
  const uploads = useUploads();
  const [all, setAll] = useState(false);
  const [writing, setWriting] = useState(() => loadDraft(me.id, `post:${post.id}`) !== '');

  const mine = outgoingTo(outgoing, { kind: 'post', id: post.id });
  const rows = rowsOf(data?.items ?? [], mine, me.id);
  const hidden = all ? 0 : Math.max(0, rows.length - SHOWN);

  return (
    <div ref={ref} className={classes.comments} data-empty={rows.length === 0 && post.comment_count === 0 ? true : undefined}>
      {isLoading && post.comment_count > 0 && <Skeleton height={14} width="55%" my={6} />}
      {error && !data && <ProblemNote problem={asProblem(error)} title={t('entry.commentsFailed')} onRetry={() => void refetch()} />}
      {hidden > 0 && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)} className={classes.more} aria-expanded={false}>
          {t('entry.comments', { count: rows.length })}
        </Button>
      )}
      {all && rows.length > SHOWN && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(false)} className={classes.more} aria-expanded>
          {t('entry.hideComments')}
        </Button>
      )}
      <ol className={classes.list}>
        {rows.slice(hidden).map((row) => (
          <li key={row.key}>
            {row.kind === 'outgoing' ? (
              <OutgoingEntry item={row.item} role={myRole} small />
            ) : (
              <CommentRow comment={row.entry} myRole={myRole} authorRole={members.get(row.entry.author.id)?.role} />
            )}
          </li>
        ))}
      </ol>
      {writing ? (
        <Composer
          place={`post:${post.id}`}
          label={t('composer.comment')}
          uploads={uploads}
          compact
          autoFocus
          onSend={(body, files) => {
            setAll(true);
            void dispatch(postEntry({ userId: me.id, place: { kind: 'post', id: post.id, channelId: post.channel_id }, body, files }));
          }}
        />
      ) : (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          className={classes.open}
          leftSection={<MessageCircle size={15} aria-hidden="true" />}
          onClick={() => setWriting(true)}
        >
          {t('entry.comment')}
        </Button>
      )}
    </div>
  );
}
