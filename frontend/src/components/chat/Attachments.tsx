import { Download, FileArchive, FileAudio, FileText, FileVideo, File as FileIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { http } from '@/api/http';
import type { File as StoredFile } from '@/api/wire.gen';
import { useFormats } from '@/i18n/format';
import classes from './Attachments.module.css';

/** Pictures, video and sound play in place; everything else is a card to download. */
export function Attachments({ files }: { files: StoredFile[] }) {
  if (files.length === 0) return null;
  return (
    <div className={classes.attachments}>
      {files.map((file) => (
        <Attachment key={file.id} file={file} />
      ))}
    </div>
  );
}

/** The address of a file is signed for a limited time; a page open for long asks once for a new one. */
function useFreshUrl(file: StoredFile): { url: string; onError: () => void } {
  const [fresh, setFresh] = useState<{ stale: string; url: string } | null>(null);
  const url = fresh?.stale === file.url ? fresh.url : file.url;
  const onError = () => {
    if (url !== file.url) return;
    http<StoredFile>({ path: `/files/${file.id}` }).then(
      (renewed) => setFresh({ stale: file.url, url: renewed.url }),
      () => undefined,
    );
  };
  return { url, onError };
}

function Attachment({ file }: { file: StoredFile }) {
  const { t } = useTranslation('chat');
  const { url, onError } = useFreshUrl(file);
  const kind = file.content_type.split('/')[0];
  if (kind === 'image' && file.content_type !== 'image/svg+xml') {
    return (
      <a className={classes.picture} href={url} target="_blank" rel="noreferrer" aria-label={t('entry.openPicture', { name: file.name })}>
        <img src={url} alt={file.name} width={file.width} height={file.height} loading="lazy" decoding="async" onError={onError} />
      </a>
    );
  }
  if (kind === 'video') {
    return (
      <figure className={classes.media}>
        <video src={url} controls preload="metadata" width={file.width} height={file.height} playsInline onError={onError} aria-label={file.name} />
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
