import { UnstyledButton } from '@mantine/core';
import { Download, FileArchive, FileAudio, FileText, FileVideo, File as FileIcon, ImageOff } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { File as StoredFile } from '@/api/wire.gen';
import { useFormats } from '@/i18n/format';
import classes from './Attachments.module.css';
import { useFreshUrl } from './useFreshUrl';
import { VoicePlayer } from './voice/VoicePlayer';

const Viewer = lazy(() => import('./viewer/Viewer'));

/** Pictures, video and sound play in place; everything else is a card to download. */
export function Attachments({ files }: { files: StoredFile[] }) {
  const [shown, setShown] = useState<number | null>(null);
  const opened = useRef<HTMLElement | null>(null);
  if (files.length === 0) return null;
  const close = () => {
    setShown(null);
    requestAnimationFrame(() => opened.current?.focus());
  };
  const pictures = files.filter(isPicture);
  const others = files.filter((file) => !isPicture(file));
  return (
    <div className={classes.attachments}>
      {pictures.length > 0 && (
        <div className={classes.pictures} data-many={pictures.length > 1 || undefined}>
          {pictures.map((file, index) => (
            <Picture
              key={file.id}
              file={file}
              many={pictures.length > 1}
              onOpen={(button) => {
                opened.current = button;
                setShown(index);
              }}
            />
          ))}
        </div>
      )}
      {others.map((file) => (
        <Attachment key={file.id} file={file} />
      ))}
      {shown !== null && (
        <Suspense>
          <Viewer pictures={pictures} start={shown} onClose={close} />
        </Suspense>
      )}
    </div>
  );
}

/** Only what browsers show as a picture and nothing else; the server sends the rest as a download. */
function isPicture({ content_type: type }: StoredFile): boolean {
  return type.startsWith('image/') && type !== 'image/svg+xml';
}

/** Its place is reserved before it is there, so that nothing moves when it comes. */
function Picture({ file, many, onOpen }: { file: StoredFile; many: boolean; onOpen: (button: HTMLElement) => void }) {
  const { t } = useTranslation('chat');
  const { url, broken, onError } = useFreshUrl(file, 'thumb_url');
  const { width, height } = file;
  const sized = !many && width && height ? fit(width, height) : undefined;
  return (
    <UnstyledButton className={classes.picture} style={sized} onClick={(event) => onOpen(event.currentTarget)} aria-label={t('entry.openPicture', { name: file.name })}>
      {broken ? <ImageOff size={26} aria-hidden="true" /> : <img src={url} alt={file.name} loading="lazy" decoding="async" onError={onError} />}
    </UnstyledButton>
  );
}

const MAX = { width: 440, height: 330 };

/** As large as the text's column and a third of the screen allow, never larger than the picture is. */
function fit(width: number, height: number): { width: number; aspectRatio: string } {
  const scale = Math.min(1, MAX.width / width, MAX.height / height);
  return { width: Math.max(48, Math.round(width * scale)), aspectRatio: `${Math.max(width, 1)} / ${Math.max(height, 1)}` };
}

function Attachment({ file }: { file: StoredFile }) {
  const { t } = useTranslation('chat');
  const { url, broken, onError } = useFreshUrl(file);
  if (file.voice) {
    return (
      <>
        <VoicePlayer src={url} duration={file.duration} onError={onError} />
        {broken && (
          <figure className={classes.media}>
            <figcaption className={classes.size}>{t('voice.unplayable')}</figcaption>
            <FileCard file={{ ...file, url }} />
          </figure>
        )}
      </>
    );
  }
  const kind = file.content_type.split('/')[0];
  if (kind === 'video') {
    const { width, height } = file;
    return (
      <figure className={classes.media}>
        <video
          src={url}
          controls
          preload="metadata"
          playsInline
          onError={onError}
          aria-label={file.name}
          {...(file.thumb_url && { poster: file.thumb_url })}
          style={width && height ? fit(width, height) : undefined}
        />
        <FileCard file={{ ...file, url }} />
      </figure>
    );
  }
  if (kind === 'audio') {
    return (
      <figure className={classes.media}>
        <audio src={url} controls preload="metadata" onError={onError} aria-label={file.name} />
        <FileCard file={{ ...file, url }} />
      </figure>
    );
  }
  return <FileCard file={{ ...file, url }} />;
}

/** Files that are still only on this device. */
export function PendingFiles({ files }: { files: { key: string; name: string; size: number; type: string }[] }) {
  const { size } = useFormats();
  if (files.length === 0) return null;
  return (
    <div className={classes.attachments}>
      {files.map((file) => {
        const Icon = iconOf(file.type);
        return (
          <div key={file.key} className={classes.card} data-pending>
            <span className={classes.icon}>
              <Icon size={20} aria-hidden="true" />
            </span>
            <span className={classes.words}>
              <span className={classes.name} title={file.name}>
                {file.name}
              </span>
              <span className={classes.size}>{size(file.size)}</span>
            </span>
          </div>
        );
      })}
    </div>
  );
}

function iconOf(type: string) {
  if (type.startsWith('video/')) return FileVideo;
  if (type.startsWith('audio/')) return FileAudio;
  if (type.startsWith('text/') || /pdf|document|presentation|sheet/.test(type)) return FileText;
  if (/zip|tar|compressed/.test(type)) return FileArchive;
  return FileIcon;
}

export function FileCard({ file }: { file: StoredFile }) {
  const { t } = useTranslation('chat');
  const { size } = useFormats();
  const Icon = iconOf(file.content_type);
  return (
    <a className={classes.card} href={file.url} download={file.name} aria-label={t('entry.download', { name: file.name })}>
      <span className={classes.icon}>
        <Icon size={20} aria-hidden="true" />
      </span>
      <span className={classes.words}>
        <span className={classes.name} title={file.name}>
          {file.name}
        </span>
        <span className={classes.size}>{size(file.size)}</span>
      </span>
      <Download size={17} aria-hidden="true" className={classes.arrow} />
    </a>
  );
}
