import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/components/hooks';
import { useSocketEvent } from '@/realtime';

/** Tells screen readers politely what others just wrote here. */
export function Announcer({ channelId }: { channelId: string }) {
  const { t } = useTranslation('channels');
  const me = useMe();
  const [words, setWords] = useState('');
  useSocketEvent('post.created', (post) => {
    if (post.channel_id === channelId && post.author.id !== me.id) setWords(t('newPostBy', { name: post.author.name }));
  });
  useSocketEvent('comment.created', (comment) => {
    if (comment.channel_id === channelId && comment.author.id !== me.id) setWords(t('newCommentBy', { name: comment.author.name }));
  });
  return (
    <div aria-live="polite" className="visually-hidden">
      {words}
    </div>
  );
}
