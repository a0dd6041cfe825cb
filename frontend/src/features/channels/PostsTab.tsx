import { Upload } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { postEntry } from '@/api/outbox';
import type { Channel } from '@/api/wire.gen';
import { useAppDispatch, useMe } from '@/components/hooks';
import { loadParser } from '@/components/richtext/Markdown';
import { useSocket } from '@/realtime';
import { Composer } from '@/components/chat/Composer';
import classes from './PostsTab.module.css';
import type { StreamHandle } from '@/components/stream/Stream';
import { PostStream } from './PostStream';
import { TypingLine } from '@/components/chat/TypingLine';
import { useUploads } from '@/components/chat/useUploads';

const TYPING_EVERY_MS = 3000;

// Most posts need it: it comes while the posts do, so that nobody sees the marks of Markdown first.
loadParser().catch(() => undefined);

export function PostsTab({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const me = useMe();
  const dispatch = useAppDispatch();
  const socket = useSocket();
  const uploads = useUploads();
  const stream = useRef<StreamHandle>(null);
  const typedAt = useRef(-TYPING_EVERY_MS);
  const depth = useRef(0);
  const [dropping, setDropping] = useState(false);

  const onTyping = () => {
    const now = performance.now();
    if (now - typedAt.current < TYPING_EVERY_MS) return;
    typedAt.current = now;
    socket.send('typing', { channel_id: channel.id }).catch(() => undefined); // a courtesy, not worth a word when it fails
  };

  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  const drop = {
    onDragEnter: (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth.current += 1;
      setDropping(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth.current -= 1;
      if (depth.current === 0) setDropping(false);
    },
    onDragOver: (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    },
    onDrop: (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth.current = 0;
      setDropping(false);
      uploads.add([...event.dataTransfer.files]);
    },
  };

  return (
    <div className={classes.tab} {...drop}>
      <PostStream ref={stream} channel={channel} />
      <div className={classes.dock}>
        <div className={classes.width}>
          <TypingLine channelId={channel.id} />
          <Composer
            place={`channel:${channel.id}`}
            label={t('composer.post', { name: channel.name })}
            uploads={uploads}
            onTyping={onTyping}
            onSend={(body, files) => {
              void dispatch(postEntry({ userId: me.id, place: { kind: 'channel', id: channel.id }, body, files }));
              stream.current?.jump();
            }}
          />
        </div>
      </div>
      {dropping && (
        <div className={classes.drop}>
          <Upload size={30} aria-hidden="true" />
          {t('composer.dropHere')}
        </div>
      )}
    </div>
  );
}
