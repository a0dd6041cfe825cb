import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { postEntry } from '@/api/postEntry';
import type { Channel } from '@/api/wire.gen';
import { useAppDispatch, useMe } from '@/components/hooks';
import { teaches } from '@/components/roles';
import { Composer } from '@/components/chat/Composer';
import classes from './PostsTab.module.css';
import type { StreamHandle } from '@/components/stream/Stream';
import { PostStream } from './PostStream';
import { ScheduleButton } from './ScheduleButton';
import { TypingLine } from '@/components/chat/TypingLine';
import { DropZone } from '@/components/chat/uploads/DropZone';
import { useUploads } from '@/components/chat/uploads/useUploads';
import { useTyping } from '@/components/chat/useTyping';

export function PostsTab({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const me = useMe();
  const dispatch = useAppDispatch();
  const uploads = useUploads(`channel:${channel.id}`);
  const onTyping = useTyping({ channel_id: channel.id });
  const stream = useRef<StreamHandle>(null);
  const closed = channel.archived_at !== null || (channel.posting === 'teachers' && !teaches(channel.my_role));

  return (
    <DropZone className={classes.tab} uploads={uploads}>
      <PostStream ref={stream} channel={channel} />
      <div className={classes.dock}>
        <div className={classes.width}>
          <TypingLine placeId={channel.id} />
          {closed ? (
            <p className={classes.closed}>{t(channel.archived_at ? 'closedArchived' : 'closedToStudents')}</p>
          ) : (
            <Composer
              place={`channel:${channel.id}`}
              label={t('composer.post', { name: channel.name })}
              uploads={uploads}
              onTyping={onTyping}
              onSend={(body, files, blobs) => {
                void dispatch(postEntry({ userId: me.id, place: { kind: 'channel', id: channel.id }, body, files, blobs }));
                stream.current?.jump();
              }}
              sendSlot={(draft) => <ScheduleButton channelId={channel.id} draft={draft} />}
            />
          )}
        </div>
      </div>
    </DropZone>
  );
}
