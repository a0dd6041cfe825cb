import { Button, Skeleton } from '@mantine/core';
import { Download, FolderOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { asProblem } from '@/api/problem';
import { useChannelFilesInfiniteQuery } from '@/api/search';
import type { Channel, File as StoredFile, Found } from '@/api/wire.gen';
import { EmptyState } from '@/components/EmptyState';
import { fileIcon } from '@/components/fileIcon';
import { permalink } from '@/components/permalink';
import { ProblemNote } from '@/components/ProblemNote';
import { useNameOf } from '@/components/useNameOf';
import { useFormats } from '@/i18n/format';
import classes from './FilesTab.module.css';

/** The files of posts and comments, the newest first. */
export function FilesTab({ channel }: { channel: Channel }) {
  const { t } = useTranslation(['channels', 'common']);
  const { data, error, isLoading, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useChannelFilesInfiniteQuery(channel.id);
  const files = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={classes.scroller}>
      <div className={classes.inner}>
        {isLoading && [1, 2, 3].map((n) => <Skeleton key={n} height={64} radius="md" />)}
        {error && !data && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
        {data && files.length === 0 && <EmptyState icon={<FolderOpen size={26} />} title={t('filesTab.empty')} text={t('filesTab.emptyText')} />}
        {files.length > 0 && (
          <ul className={classes.list}>
            {files.map((found) => found.file && <FileRow key={`${found.post_id}-${found.comment_id}-${found.id}`} found={found} file={found.file} />)}
          </ul>
        )}
        {hasNextPage && (
          <Button variant="default" loading={isFetchingNextPage} style={{ alignSelf: 'center' }} onClick={() => void fetchNextPage()}>
            {t('common:more')}
          </Button>
        )}
      </div>
    </div>
  );
}

function FileRow({ found, file }: { found: Found; file: StoredFile }) {
  const { t } = useTranslation(['channels', 'chat']);
  const nameOf = useNameOf();
  const { day, size } = useFormats();
  const Icon = fileIcon(file.content_type);
  const by = found.author ? t('filesTab.sharedBy', { name: nameOf(found.author), day: day(found.created_at) }) : day(found.created_at);
  return (
    <li className={classes.row}>
      <span className={classes.preview}>
        {file.thumb_url ? <img src={file.thumb_url} alt="" loading="lazy" /> : <Icon size={22} aria-hidden="true" />}
      </span>
      <span className={classes.words}>
        <Link to={permalink(found)} className={classes.name} title={file.name}>
          {file.name}
        </Link>
        <span className={classes.by}>
          {size(file.size)} · {by}
        </span>
      </span>
      <a href={file.url} download={file.name} className={classes.download} aria-label={t('chat:entry.download', { name: file.name })}>
        <Download size={18} aria-hidden="true" />
      </a>
    </li>
  );
}
