import { ActionIcon, Drawer, Skeleton, Tooltip } from '@mantine/core';
import { Pin, PinOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePinnedPostsQuery } from '@/api/pins';
import { useUpdatePostMutation } from '@/api/posts';
import { asProblem } from '@/api/problem';
import type { Channel, Post } from '@/api/wire.gen';
import { snippet } from '@/components/chat/snippet';
import { EmptyState } from '@/components/EmptyState';
import { permalink } from '@/components/permalink';
import { ProblemNote } from '@/components/ProblemNote';
import { teaches } from '@/components/roles';
import { useNameOf } from '@/components/useNameOf';
import { UserAvatar } from '@/components/UserAvatar';
import { useReport } from '@/components/useReport';
import { useFormats } from '@/i18n/format';
import { useSocketEvent } from '@/realtime';
import classes from './PinsDrawer.module.css';

interface PinsDrawerProps {
  channel: Channel;
  opened: boolean;
  onClose: () => void;
}

/** What teachers have pinned, one press away from where it stands. */
export function PinsDrawer({ channel, opened, onClose }: PinsDrawerProps) {
  const { t } = useTranslation(['channels', 'common']);
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size={400} title={t('pins.title')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <Pins channel={channel} onClose={onClose} />
    </Drawer>
  );
}

function Pins({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const { t } = useTranslation('channels');
  const { data: posts, error, refetch } = usePinnedPostsQuery(channel.id);
  const again = (post: { channel_id: string }) => post.channel_id === channel.id && void refetch();
  useSocketEvent('post.updated', again);
  useSocketEvent('post.deleted', again);
  if (error) return <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />;
  if (!posts) return [1, 2, 3].map((n) => <Skeleton key={n} height={84} radius="md" mb={8} />);
  if (posts.length === 0) {
    return <EmptyState icon={<Pin size={24} />} title={t('pins.empty')} text={t(teaches(channel.my_role) ? 'pins.emptyTeacher' : 'pins.emptyText')} />;
  }
  return (
    <ul className={classes.list}>
      {posts.map((post) => (
        <PinnedPost key={post.id} post={post} unpins={teaches(channel.my_role) && !channel.archived_at} onClose={onClose} />
      ))}
    </ul>
  );
}

function PinnedPost({ post, unpins, onClose }: { post: Post; unpins: boolean; onClose: () => void }) {
  const { t } = useTranslation('channels');
  const nameOf = useNameOf();
  const { day } = useFormats();
  const report = useReport();
  const [update] = useUpdatePostMutation();
  const name = nameOf(post.author);
  return (
    <li className={classes.post}>
      <Link to={permalink({ channel_id: post.channel_id, post_id: post.id })} className={classes.link} onClick={onClose}>
        <span className={classes.head}>
          <UserAvatar user={post.author} size={24} />
          <strong>{name}</strong>
          <span className={classes.day}>{day(post.created_at)}</span>
        </span>
        <span className={classes.text}>{snippet(post.body, 220) || post.files.map((file) => file.name).join(', ')}</span>
      </Link>
      {unpins && (
        <Tooltip label={t('pins.unpin')}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('pins.unpin')} onClick={() => void update({ id: post.id, pinned: false }).then(report)}>
            <PinOff size={16} aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
      )}
    </li>
  );
}
