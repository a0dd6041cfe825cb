import { Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { MessagesSquare } from 'lucide-react';
import { type Ref, useCallback, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSelector } from 'react-redux';
import { useLocation } from 'react-router';
import { useMarkReadMutation } from '@/api/channels';
import { outgoingTo, selectOutgoing } from '@/api/outbox';
import type { Channel } from '@/api/wire.gen';
import { OutgoingEntry } from '@/components/chat/OutgoingEntry';
import { useMemberMap } from '@/components/chat/useMemberMap';
import { EmptyState } from '@/components/EmptyState';
import { useMe } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import { teaches } from '@/components/roles';
import { rowsOf } from '@/components/stream/rows';
import { Stream, type StreamHandle } from '@/components/stream/Stream';
import { type Target, useStream } from '@/components/stream/useStream';
import { PostCard } from './PostCard';
import classes from './PostsTab.module.css';

/** The posts of a channel, with what is on its way to it. */
export function PostStream({ channel, ref }: { channel: Channel; ref?: Ref<StreamHandle> }) {
  const { t } = useTranslation('channels');
  const me = useMe();
  const target = useLinkedPost();
  const view = useStream('posts', channel.id, target);
  const outgoing = useSelector(selectOutgoing);
  const members = useMemberMap(channel.id);
  const [markRead] = useMarkReadMutation();
  const mark = useCallback((upTo: string) => void markRead({ channelId: channel.id, upTo }), [markRead, channel.id]);
  const rows = rowsOf(view.items ?? [], outgoingTo(outgoing, { kind: 'channel', id: channel.id }), me.id);
  const { missing } = view;

  useEffect(() => {
    if (missing) notifications.show({ message: t('postGone'), color: 'yellow' });
  }, [missing, t]);

  return (
    <Stream
      ref={ref}
      label={t('posts')}
      rows={rows}
      view={view}
      reading={{ unread: channel.unread_count, lastReadId: channel.last_read_id, latestId: channel.latest_entry_id, markRead: mark }}
      beginning={<p className={classes.beginning}>{t('beginning', { name: channel.name })}</p>}
      placeholder={
        view.items ? (
          <EmptyState
            icon={<MessagesSquare size={26} />}
            title={t(channel.archived_at ? 'closedArchived' : 'empty.title')}
            {...(!channel.archived_at && { text: t(teaches(channel.my_role) ? 'empty.teacher' : 'empty.student') })}
          />
        ) : view.problem ? (
          <ProblemNote problem={view.problem} title={t('loadFailed')} onRetry={view.refetch} />
        ) : (
          <Skeletons />
        )
      }
    >
      {(row, { marked }) =>
        row.kind === 'entry' ? (
          <PostCard post={row.entry} myRole={channel.my_role} authorRole={members.get(row.entry.author.id)?.role} marked={marked} closed={channel.archived_at !== null} />
        ) : (
          <div className={classes.card}>
            <OutgoingEntry item={row.item} role={channel.my_role} />
          </div>
        )
      }
    </Stream>
  );
}

/** The post that the address names: `?post=<id>`, or `#post-<id>` in links of old. */
function useLinkedPost(): Target | null {
  const { search, hash, key } = useLocation();
  const id = new URLSearchParams(search).get('post') ?? /^#post-([\w-]+)$/.exec(hash)?.[1] ?? null;
  return useMemo(() => (id === null ? null : { id, key }), [id, key]);
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
