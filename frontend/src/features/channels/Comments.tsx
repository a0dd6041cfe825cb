import { Button, Skeleton } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { MessageCircle } from 'lucide-react';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSelector } from 'react-redux';
import { useLocation } from 'react-router';
import { outgoingTo, selectOutgoing } from '@/api/outbox';
import { postEntry } from '@/api/postEntry';
import type { Post } from '@/api/wire.gen';
import { useAppDispatch, useMe } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import classes from './Comments.module.css';
import { CommentRow } from '@/components/chat/CommentRow';
import { Composer } from '@/components/chat/Composer';
import { OutgoingEntry } from '@/components/chat/OutgoingEntry';
import type { Role } from '@/components/roles';
import { rowsOf } from '@/components/stream/rows';
import { type Target, useStream } from '@/components/stream/useStream';
import { useMemberMap } from '@/components/chat/useMemberMap';
import { useUploads } from '@/components/chat/uploads/useUploads';
import { loadDraft } from '@/api/drafts';

/** How many of the newest comments show before the rest is asked for. */
const SHOWN = 3;

/** The answers under a post: the newest few at once, all on demand, and a place to write one. */
export function Comments({ post, myRole, closed }: { post: Post; myRole: Role; closed: boolean }) {
  const { t } = useTranslation(['channels', 'stream']);
  const me = useMe();
  const dispatch = useAppDispatch();
  const { ref, entry } = useIntersection({ rootMargin: '200px' });
  const [seen, setSeen] = useState(false);
  if (entry?.isIntersecting && !seen) setSeen(true);
  const target = useLinkedComment(post.id);
  const view = useStream('comments', post.id, target, { skip: (!seen && target === null) || post.comment_count === 0 });
  const outgoing = useSelector(selectOutgoing);
  const members = useMemberMap(post.channel_id);
  const uploads = useUploads(`post:${post.id}`);
  const [all, setAll] = useState(target !== null);
  const [writing, setWriting] = useState(() => loadDraft(me.id, `post:${post.id}`) !== '');

  const mine = outgoingTo(outgoing, { kind: 'post', id: post.id });
  const rows = rowsOf(view.items ?? [], mine, me.id);
  const hidden = all ? 0 : Math.max(0, rows.length - SHOWN);
  const total = Math.max(post.comment_count + mine.length, rows.length);
  const list = useRef<HTMLOListElement>(null);
  useReveal(list, view.target);
  useEffect(() => {
    if (target) setAll(true);
  }, [target]);

  return (
    <div ref={ref} className={classes.comments} data-empty={rows.length === 0 && post.comment_count === 0 ? true : undefined}>
      {!view.items && !view.problem && post.comment_count > 0 && <Skeleton height={14} width="55%" my={6} />}
      {view.problem && !view.items && <ProblemNote problem={view.problem} title={t('entry.commentsFailed')} onRetry={view.refetch} />}
      {!all && total > SHOWN && view.items && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)} className={classes.more} aria-expanded={false}>
          {t('entry.comments', { count: total })}
        </Button>
      )}
      {all && rows.length > SHOWN && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(false)} className={classes.more} aria-expanded>
          {t('entry.hideComments')}
        </Button>
      )}
      {all && <MoreComments show={view.hasOlder} busy={view.loading === 'older'} label={t('stream:older')} onClick={view.loadOlder} />}
      <ol ref={list} className={classes.list}>
        {rows.slice(hidden).map((row) => (
          <li key={row.key} data-id={row.id ?? undefined} tabIndex={-1} data-marked={(row.id !== null && row.id === view.target?.id) || undefined}>
            {row.kind === 'outgoing' ? (
              <OutgoingEntry item={row.item} role={myRole} small />
            ) : (
              <CommentRow comment={row.entry} myRole={myRole} authorRole={members.get(row.entry.author.id)?.role} closed={closed} />
            )}
          </li>
        ))}
      </ol>
      {all && <MoreComments show={view.hasNewer} busy={view.loading === 'newer'} label={t('stream:newer')} onClick={view.loadNewer} />}
      {closed ? null : writing ? (
        <Composer
          place={`post:${post.id}`}
          label={t('composer.comment')}
          uploads={uploads}
          compact
          autoFocus
          onSend={(body, files, blobs) => {
            setAll(true);
            void dispatch(postEntry({ userId: me.id, place: { kind: 'post', id: post.id, channelId: post.channel_id }, body, files, blobs }));
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

function MoreComments({ show, busy, label, onClick }: { show: boolean; busy: boolean; label: string; onClick: () => void }) {
  if (!show) return null;
  return (
    <Button variant="subtle" size="compact-sm" className={classes.more} loading={busy} onClick={onClick}>
      {label}
    </Button>
  );
}

/** The comment under this post that the address names: `?post=<id>&comment=<id>`. */
function useLinkedComment(postId: string): Target | null {
  const { search, key } = useLocation();
  const params = new URLSearchParams(search);
  const id = params.get('post') === postId ? params.get('comment') : null;
  return useMemo(() => (id === null ? null : { id, key }), [id, key]);
}

/** Brings a comment that was asked for into view once it is here. */
function useReveal(list: RefObject<HTMLOListElement | null>, target: Target | null): void {
  const done = useRef<string | null>(null);
  useEffect(() => {
    if (!target || done.current === target.key) return;
    const row = list.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(target.id)}"]`);
    if (!row) return;
    done.current = target.key;
    row.scrollIntoView({ block: 'center' });
    row.focus({ preventScroll: true });
  });
}
