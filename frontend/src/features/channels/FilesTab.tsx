import { Button, Skeleton } from '@mantine/core';
import { FolderOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useLoadOlder } from '@/api/useLoadOlder';
import { usePostsQuery } from '@/api/posts';
import { asProblem } from '@/api/problem';
import type { Channel } from '@/api/wire.gen';
import { EmptyState } from '@/components/EmptyState';
import { ProblemNote } from '@/components/ProblemNote';
import { useNameOf } from '@/components/useNameOf';
import { useFormats } from '@/i18n/format';
import { FileCard } from '@/components/chat/Attachments';
import classes from './FilesTab.module.css';

/** The files of the posts, the newest first. */
export function FilesTab({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const nameOf = useNameOf();
  const { day } = useFormats();
  const { data: stream, error, isLoading, refetch } = usePostsQuery(channel.id);
  const [loadOlder, older] = useLoadOlder('posts', channel.id);
  const rows = (stream?.items ?? []).toReversed().flatMap((post) => post.files.map((file) => ({ post, file })));

  return (
    <div className={classes.scroller}>
      <div className={classes.inner}>
        {isLoading && [1, 2, 3].map((n) => <Skeleton key={n} height={56} radius="md" />)}
        {error && !stream && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
        {stream && rows.length === 0 && <EmptyState icon={<FolderOpen size={26} />} title={t('filesTab.empty')} text={t('filesTab.emptyText')} />}
        {rows.length > 0 && (
          <ul className={classes.list}>
            {rows.map(({ post, file }) => (
              <li key={`${post.id}-${file.id}`} className={classes.row}>
                <FileCard file={file} />
                <span className={classes.by}>{t('filesTab.sharedBy', { name: nameOf(post.author), day: day(post.created_at) })}</span>
                <Button component={Link} to={`/channels/${channel.id}#post-${post.id}`} variant="subtle" size="compact-sm">
                  {t('filesTab.showPost')}
                </Button>
              </li>
            ))}
          </ul>
        )}
        {stream?.older && (
          <Button
            variant="subtle"
            color="gray"
            loading={older.isLoading}
            style={{ alignSelf: 'center' }}
            onClick={() => void loadOlder()}
          >
            {t('filesTab.searchOlder')}
          </Button>
        )}
      </div>
    </div>
  );
}
