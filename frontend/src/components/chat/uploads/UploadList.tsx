import { ActionIcon, Button } from '@mantine/core';
import { Mic, RotateCw, X } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '@/i18n/format';
import { useProblemWords } from '@/i18n/problems';
import classes from './UploadList.module.css';
import type { Upload, Uploads } from './useUploads';

/** The files about to go with an entry. */
export function UploadList({ uploads }: { uploads: Uploads }) {
  if (uploads.items.length === 0) return null;
  return (
    <ul className={classes.uploads}>
      {uploads.items.map((upload) => (
        <UploadItem key={upload.key} upload={upload} uploads={uploads} />
      ))}
    </ul>
  );
}

function UploadItem({ upload, uploads }: { upload: Upload; uploads: Uploads }) {
  const { t } = useTranslation(['chat', 'common']);
  const { key, problem, stored, progress, lost } = upload;
  const name = upload.voice ? t('voice.note') : upload.name;
  const going = !stored && !problem && !lost;
  return (
    <li className={classes.upload} data-failed={problem || lost ? true : undefined}>
      {upload.voice && <Mic size={16} aria-hidden="true" />}
      <span className={classes.words}>
        <span className={classes.name} title={name}>
          {name}
        </span>
        <State upload={upload} />
      </span>
      {problem && (
        <ActionIcon variant="subtle" color="red" onClick={() => uploads.retry(key)} aria-label={t('common:retry')}>
          <RotateCw size={16} aria-hidden="true" />
        </ActionIcon>
      )}
      {lost && <ChooseAgain upload={upload} uploads={uploads} />}
      <ActionIcon
        variant="subtle"
        color="gray"
        onClick={() => uploads.remove(key)}
        aria-label={t(going ? 'composer.cancelUpload' : 'composer.removeFile', { name })}
      >
        <X size={16} aria-hidden="true" />
      </ActionIcon>
      {going && (
        <span
          role="progressbar"
          aria-label={t('composer.uploading', { name })}
          aria-valuenow={Math.round(progress * 100)}
          className={classes.progress}
          style={{ transform: `scaleX(${progress})` }}
        />
      )}
    </li>
  );
}

function State({ upload: { problem, stored, progress, size: bytes, waiting, lost } }: { upload: Upload }) {
  const { t } = useTranslation('chat');
  const { sentence } = useProblemWords();
  const { size } = useFormats();
  let words = size(bytes);
  if (problem) words = sentence(problem);
  else if (lost) words = t('composer.chooseAgain');
  else if (waiting) words = t('composer.waitingForNetwork', { size: size(bytes * (1 - progress)) });
  else if (!stored && progress > 0) words = t('composer.progress', { part: size(bytes * progress), size: size(bytes) });
  return (
    <span className={classes.state} role={problem || lost ? 'alert' : undefined}>
      {words}
    </span>
  );
}

function ChooseAgain({ upload, uploads }: { upload: Upload; uploads: Uploads }) {
  const { t } = useTranslation(['chat', 'common']);
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => picker.current?.click()} aria-label={t('composer.resume', { name: upload.name })}>
        {t('common:retry')}
      </Button>
      <input ref={picker} type="file" hidden onChange={(event) => uploads.add([...(event.currentTarget.files ?? [])])} />
    </>
  );
}
