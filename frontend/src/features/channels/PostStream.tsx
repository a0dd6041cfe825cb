import { Button, Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { ArrowDown, MessagesSquare } from 'lucide-react';
import { Fragment, type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSelector } from 'react-redux';
import { useLocation } from 'react-router';
import { useLoadOlder } from '@/api/useLoadOlder';
import { usePostsQuery } from '@/api/posts';
import { outgoingTo, selectOutgoing } from '@/api/outbox';
import { asProblem } from '@/api/problem';
import type { Channel } from '@/api/wire.gen';
import { EmptyState } from '@/components/EmptyState';
import { useMe } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import { useFormats } from '@/i18n/format';
import { OutgoingEntry } from './OutgoingEntry';
import { PostCard } from './PostCard';
import classes from './PostsTab.module.css';
import { teaches } from '@/components/roles';
import { rowsOf } from '@/components/stream/rows';
import { useMemberMap } from '@/components/chat/useMemberMap';
import { useReading } from './useReading';
import { useStreamScroll } from './useStreamScroll';

export interface StreamHandle {
  /** Goes to the newest entry. */
  jump: () => void;
}

/** How many pages a permalink may look back. */
const LOOK_BACK_PAGES = 20;

export function PostStream({ channel, ref }: { channel: Channel; ref?: Ref<StreamHandle> }) {
  const { t } = useTranslation('channels');
  const me = useMe();
  const { day } = useFormats();
  const { data: stream, error, isLoading, refetch } = usePostsQuery(channel.id);
  const [loadOlder, older] = useLoadOlder('posts', channel.id);
  const outgoing = outgoingTo(useSelector(selectOutgoing), { kind: 'channel', id: channel.id });
  const members = useMemberMap(channel.id);
  const rows = rowsOf(stream?.items ?? [], outgoing, me.id);
  const { scroller, inner, atEnd, toEnd, onScroll, keepPlace, reveal } = useStreamScroll(rows[0]?.key);
  const newSince = useReading(channel, atEnd, stream !== undefined);
  const marked = usePermalink(stream, loadOlder, reveal);

  useImperativeHandle(ref, () => ({ jump: toEnd }), [toEnd]);

  const newest = stream?.items.at(-1)?.id ?? '';
  const seen = useRef(newest);
  if (atEnd) seen.current = newest;
  const below = (stream?.items ?? []).filter((post) => post.id > seen.current && post.author.id !== me.id).length;

  const showOlder = () => {
    if (!stream?.older || older.isLoading) return;
    keepPlace();
    void loadOlder().then(keepPlace);
  };
  const autoOlder = () => {
    onScroll();
    if (!older.error && (scroller.current?.scrollTop ?? 1000) < 240) showOlder();
  };

  const firstNew = newSince === null ? undefined : stream?.items.find((post) => post.id > newSince && post.author.id !== me.id)?.id;
  let lastDay = '';

  return (
    <div style={{ position: 'relative', flex: 1, minHeight: 0, display: 'flex' }}>
      <div ref={scroller} className={classes.scroller} onScroll={autoOlder} tabIndex={-1}>
        <div ref={inner} className={classes.inner}>
          {isLoading && <Skeletons />}
          {error && !stream && <ProblemNote problem={asProblem(error)} title={t('loadFailed')} onRetry={() => void refetch()} />}
          {stream && rows.length === 0 && (
            <EmptyState
              icon={<MessagesSquare size={26} />}
              title={t('empty.title')}
              text={t(teaches(channel.my_role) ? 'empty.teacher' : 'empty.student')}
            />
          )}
          {stream && rows.length > 0 && (
            <>
              <div className={classes.push} />
              {stream.older ? (
                <Button variant="subtle" color="gray" size="compact-md" className={classes.older} loading={older.isLoading} onClick={showOlder}>
                  {t('loadOlder')}
                </Button>
              ) : (
                <p className={classes.beginning}>{t('beginning', { name: channel.name })}</p>
              )}
              <ol className={classes.list} aria-label={t('posts')}>
                {rows.map((row) => {
                  const at = row.kind === 'entry' ? row.entry.created_at : row.item.createdAt;
                  const today = day(at);
                  const newDay = today !== lastDay;
                  lastDay = today;
                  return (
                    <Fragment key={row.key}>
                      {newDay && <li className={classes.day}>{today}</li>}
                      {row.kind === 'entry' && row.entry.id === firstNew && <li className={classes.divider}>{t('newSince')}</li>}
                      <li>
                        {row.kind === 'entry' ? (
                          <PostCard
                            post={row.entry}
                            myRole={channel.my_role}
                            authorRole={members.get(row.entry.author.id)?.role}
                            marked={marked === row.entry.id}
                          />
                        ) : (
                          <div className={classes.card}>
                            <OutgoingEntry item={row.item} role={channel.my_role} />
                          </div>
                        )}
                      </li>
                    </Fragment>
                  );
                })}
              </ol>
            </>
          )}
        </div>
      </div>
      {!atEnd && (
        <Button
          className={classes.jump}
          radius="xl"
          size="compact-md"
          variant={below > 0 ? 'filled' : 'default'}
          leftSection={<ArrowDown size={16} aria-hidden="true" />}
          onClick={toEnd}
        >
          {below > 0 ? t('newBelow', { count: below }) : t('jumpToLatest')}
        </Button>
      )}
    </div>
  );
}

/** Brings `#post-<id>` into view, loading older pages until it is there. Answers the id to mark. */
function usePermalink(
  stream: ReturnType<typeof usePostsQuery>['data'],
  loadOlder: () => Promise<void>,
  reveal: (element: Element, block: ScrollLogicalPosition) => void,
): string | null {
  const { t } = useTranslation('channels');
  const { hash, key } = useLocation();
  const wanted = /^#post-([\w-]+)$/.exec(hash)?.[1] ?? null;
  const [done, setDone] = useState<string | null>(null);
  const pages = useRef(0);
  const arrived = wanted !== null && done === key;

  useEffect(() => {
    if (wanted === null || done === key || !stream) return;
    const element = document.getElementById(`post-${wanted}`);
    if (element) {
      reveal(element, 'center');
      element.focus({ preventScroll: true });
      setDone(key);
    } else if (stream.older && pages.current < LOOK_BACK_PAGES) {
      pages.current += 1;
      void loadOlder();
    } else {
      notifications.show({ message: t('postGone'), color: 'yellow' });
      setDone(key);
    }
  }, [wanted, done, key, stream, loadOlder, reveal, t]);

  return arrived ? wanted : null;
}

function Skeletons() {
  const { t } = useTranslation();
  return (
    <div role="status" style={{ marginTop: 'auto', display: 'grid', gap: 12 }}>
      <span className="visually-hidden">{t('loading')}</span>
      {[2, 3, 1].map((lines) => (
        <div key={lines} style={{ display: 'flex', gap: 12, padding: 16 }}>
          <Skeleton width={38} height={38} radius={12} />
          <div style={{ flex: 1 }}>
            <Skeleton height={13} width="28%" mb={10} />
            {Array.from({ length: lines }, (_, n) => (
              <Skeleton key={n} height={12} width={`${88 - n * 17}%`} mb={8} />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}
