import { ActionIcon } from '@mantine/core';
import { RotateCw, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '@/i18n/format';
import { useProblemWords } from '@/i18n/problems';
import classes from './Composer.module.css';
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
  const { sentence } = useProblemWords();
  const { size } = useFormats();
  const { key, name, problem, stored, progress } = upload;
  const going = !stored && !problem;
  return (
    <li className={classes.upload} data-failed={problem ? true : undefined}>
      <span style={{ minWidth: 0 }}>
        <span className={classes.uploadName} title={name}>
          {name}
        </span>
        <span className={classes.uploadState} role={problem ? 'alert' : undefined}>
          {problem ? sentence(problem) : size(upload.size)}
        </span>
      </span>
      {problem && (
        <ActionIcon variant="subtle" color="red" onClick={() => uploads.retry(key)} aria-label={t('common:retry')}>
          <RotateCw size={16} aria-hidden="true" />
        </ActionIcon>
      )}
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
