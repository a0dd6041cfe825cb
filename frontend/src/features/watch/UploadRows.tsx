import { CloseButton, Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '@/i18n/problems';
import classes from './chooser.module.css';
import type { VideoUploads } from './useVideoUploads';

/** What is on its way to the server, and what did not get there. */
export function UploadRows({ uploads }: { uploads: VideoUploads }) {
  const { t } = useTranslation('watch');
  const { sentence } = useProblemWords();
  return uploads.items.map(({ key, name, part, problem }) => (
    <div key={key} className={classes.upload}>
      <div className={classes.uploadText}>
        <span className={classes.fileName}>{problem ? name : t('dialog.uploading', { name })}</span>
        {problem ? (
          <span className={classes.bad} role="alert">
            {problem === 'type' ? t('dialog.notVideo') : sentence(problem)}
          </span>
        ) : (
          <Progress value={part * 100} aria-label={t('dialog.uploading', { name })} />
        )}
      </div>
      <CloseButton aria-label={problem ? t('close') : t('dialog.cancelUpload')} onClick={() => uploads.drop(key)} />
    </div>
  ));
}
