import { CloseButton } from '@mantine/core';
import { useCallback, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useChannelsQuery } from '@/api/channels';
import { useMeetingPostMutation } from '@/api/meetings';
import { asProblem } from '@/api/problem';
import { ChannelAudience } from '@/components/chat/ChannelAudience';
import { ProblemNote } from '@/components/ProblemNote';
import { useClassroomState, useSession } from '../sessions';
import classes from './chat.module.css';
import { Talk } from './Talk';
import { TalkSkeleton } from './TalkSkeleton';

/** The meeting's chat: the comments of its post, which stay in the channel after class. */
export function ChatPanel({ channelId, onClose }: { channelId: string; onClose: () => void }) {
  const { t } = useTranslation('classroom');
  const { data: channels } = useChannelsQuery();
  const channel = channels?.find(({ id }) => id === channelId);
  const { postId, problem, retry } = usePost();
  return (
    <section className={classes.panel} aria-label={t('chat.title')}>
      <header className={classes.head}>
        <h2>{t('chat.title')}</h2>
        <CloseButton size={44} iconSize={18} aria-label={t('chat.close')} onClick={onClose} />
      </header>
      {channel && postId ? (
        <ChannelAudience channel={channel}>
          <Talk key={postId} channel={channel} postId={postId} />
        </ChannelAudience>
      ) : problem ? (
        <div className={classes.problem}>
          <ProblemNote problem={problem} title={t('chat.failed')} onRetry={retry} />
        </div>
      ) : (
        <TalkSkeleton />
      )}
    </section>
  );
}

/** The meeting's post; the first who opens the chat has it made. */
function usePost() {
  const { classroom } = useSession();
  const { postId } = useClassroomState();
  const [make, { error }] = useMeetingPostMutation();
  const find = useCallback(() => void make(classroom.meetingId).then(({ data }) => data && classroom.chatIsAt(data.id)), [make, classroom]);
  useEffect(() => {
    if (postId === null) find();
  }, [postId, find]);
  return { postId, problem: error ? asProblem(error) : null, retry: find };
}
