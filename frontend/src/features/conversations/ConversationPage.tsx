import { Button } from '@mantine/core';
import { MessageCircleOff } from 'lucide-react';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useConversationsQuery } from '@/api/conversations';
import { postEntry } from '@/api/postEntry';
import { asProblem } from '@/api/problem';
import type { Conversation, Profile } from '@/api/wire.gen';
import { AudienceContext } from '@/components/audience';
import { Composer } from '@/components/chat/Composer';
import { TypingLine } from '@/components/chat/TypingLine';
import { DropZone } from '@/components/chat/uploads/DropZone';
import { useUploads } from '@/components/chat/uploads/useUploads';
import { useTyping } from '@/components/chat/useTyping';
import { EmptyState } from '@/components/EmptyState';
import { useAppDispatch, useMe } from '@/components/hooks';
import { PageLoader } from '@/components/PageLoader';
import { ProblemNote } from '@/components/ProblemNote';
import { useNameOf } from '@/components/useNameOf';
import { useTitle } from '@/components/useTitle';
import { ConversationHeader } from './ConversationHeader';
import classes from './ConversationPage.module.css';
import { type MessagesHandle, MessageStream } from './MessageStream';
import { useReply } from './useReply';

/** The talk of two people, or one's notes to oneself. */
export function ConversationPage() {
  const { t } = useTranslation(['conversations', 'common']);
  const { id = '' } = useParams();
  const { data: conversations, error, refetch } = useConversationsQuery();
  const conversation = conversations?.find((one) => one.id === id);

  if (error && !conversations) {
    return (
      <div className={classes.problem}>
        <ProblemNote problem={asProblem(error)} title={t('listFailed')} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (!conversations) return <PageLoader />;
  if (!conversation) {
    return (
      <EmptyState level={1} icon={<MessageCircleOff size={26} />} title={t('common:notFound.title')} text={t('common:notFound.text')}>
        <Button component={Link} to="/">
          {t('common:goHome')}
        </Button>
      </EmptyState>
    );
  }
  return <Talk key={conversation.id} conversation={conversation} />;
}

function Talk({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('conversations');
  const me = useMe();
  const nameOf = useNameOf();
  const dispatch = useAppDispatch();
  const { id, peer } = conversation;
  const alone = peer.id === me.id;
  const place = `conversation:${id}`;
  const uploads = useUploads(place);
  const onTyping = useTyping({ conversation_id: id });
  const [reply, answer] = useReply(id);
  const messages = useRef<MessagesHandle>(null);
  const dock = useRef<HTMLDivElement>(null);
  useTitle(alone ? t('notes') : nameOf(peer));
  const audience = useMemo(() => {
    const myself: Profile = { id: me.id, name: me.name, avatar_url: me.avatar_url, presence: 'online' };
    return { people: new Map([myself, peer].map((one) => [one.id, one])), all: false };
  }, [me, peer]);

  const write = () => requestAnimationFrame(() => dock.current?.querySelector('textarea')?.focus());

  return (
    <AudienceContext value={audience}>
      <DropZone className={classes.page} uploads={uploads}>
        <ConversationHeader conversation={conversation} />
        <MessageStream ref={messages} conversation={conversation} onReply={answer} onEdited={write} />
        <div className={classes.dock} ref={dock}>
          <div className={classes.width}>
            <TypingLine placeId={id} />
            <Composer
              place={place}
              label={alone ? t('writeNote') : t('writeTo', { name: nameOf(peer) })}
              uploads={uploads}
              reply={reply}
              onCancelReply={() => answer(null)}
              onEditLast={() => messages.current?.editLast()}
              {...(!alone && { onTyping })}
              onSend={(body, files, blobs) => {
                void dispatch(postEntry({ userId: me.id, place: { kind: 'conversation', id, ...(reply && { replyTo: reply }) }, body, files, blobs }));
                answer(null);
                messages.current?.jump();
              }}
            />
          </div>
        </div>
      </DropZone>
    </AudienceContext>
  );
}
