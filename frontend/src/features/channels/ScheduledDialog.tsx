import { Button, Group, Modal, Skeleton, Stack, Textarea, TextInput } from '@mantine/core';
import { CalendarClock } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { useCancelScheduledPostMutation, useScheduledPostsQuery, useUpdateScheduledPostMutation } from '@/api/scheduled';
import type { Channel, ScheduledPost } from '@/api/wire.gen';
import { snippet } from '@/components/chat/snippet';
import { EmptyState } from '@/components/EmptyState';
import { ProblemNote } from '@/components/ProblemNote';
import { useReport } from '@/components/useReport';
import { useFormats } from '@/i18n/format';
import { useProblemWords } from '@/i18n/problems';
import { fromLocalInput, toLocalInput } from './localTime';
import classes from './ScheduledDialog.module.css';

interface ScheduledDialogProps {
  channel: Channel;
  opened: boolean;
  onClose: () => void;
}

/** What waits to be posted: to look at, to change, to call off. */
export function ScheduledDialog({ channel, opened, onClose }: ScheduledDialogProps) {
  const { t } = useTranslation(['channels', 'common']);
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title={t('scheduled.title')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <Scheduled channel={channel} />
    </Modal>
  );
}

function Scheduled({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const { data: posts, error, refetch } = useScheduledPostsQuery(channel.id, { refetchOnMountOrArgChange: true });
  if (error) return <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />;
  if (!posts) return <Skeleton height={84} radius="md" />;
  if (posts.length === 0) return <EmptyState icon={<CalendarClock size={24} />} title={t('scheduled.empty')} text={t('scheduled.emptyText')} />;
  return (
    <ul className={classes.list}>
      {posts.map((post) => (
        <li key={post.id} className={classes.post}>
          <WaitingPost post={post} />
        </li>
      ))}
    </ul>
  );
}

function WaitingPost({ post }: { post: ScheduledPost }) {
  const { t } = useTranslation(['channels', 'common']);
  const { day, time } = useFormats();
  const report = useReport();
  const [editing, setEditing] = useState(false);
  const [cancel, cancelling] = useCancelScheduledPostMutation();
  if (editing) return <EditWaiting post={post} onClose={() => setEditing(false)} />;
  return (
    <>
      <div className={classes.when}>
        {day(post.publish_at)} {time(post.publish_at)}
      </div>
      {post.problem && <p className={classes.problem}>{t('scheduled.failed')}</p>}
      <p className={classes.text}>{snippet(post.body, 300)}</p>
      {post.files.length > 0 && <p className={classes.files}>{post.files.map((file) => file.name).join(', ')}</p>}
      <Group gap="xs">
        <Button size="compact-sm" variant="default" onClick={() => setEditing(true)}>
          {t('scheduled.edit')}
        </Button>
        <Button size="compact-sm" variant="subtle" color="red" loading={cancelling.isLoading} onClick={() => void cancel(post.id).then(report)}>
          {t('scheduled.cancel')}
        </Button>
      </Group>
    </>
  );
}

function EditWaiting({ post, onClose }: { post: ScheduledPost; onClose: () => void }) {
  const { t } = useTranslation(['channels', 'common']);
  const { field } = useProblemWords();
  const [update, { isLoading, error }] = useUpdateScheduledPostMutation();
  const [body, setBody] = useState(post.body);
  const [when, setWhen] = useState(() => toLocalInput(new Date(post.publish_at)));
  const problem = error ? asProblem(error) : undefined;
  const submit = async () => {
    const at = fromLocalInput(when);
    if (!at) return;
    const result = await update({ id: post.id, body, publish_at: at.toISOString() });
    if (!result.error) onClose();
  };
  return (
    <Stack gap="sm">
      {problem && Object.keys(problem.errors).length === 0 && <ProblemNote problem={problem} />}
      <TextInput
        type="datetime-local"
        label={t('scheduled.when')}
        value={when}
        onChange={(event) => setWhen(event.currentTarget.value)}
        error={field(problem, 'publish_at')}
      />
      <Textarea
        label={t('scheduled.body')}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
        autosize
        minRows={3}
        maxRows={12}
        error={field(problem, 'body')}
        data-autofocus
      />
      <Group gap="xs">
        <Button size="compact-md" loading={isLoading} onClick={() => void submit()}>
          {t('common:save')}
        </Button>
        <Button size="compact-md" variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
      </Group>
    </Stack>
  );
}
