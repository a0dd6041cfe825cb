import { Button } from '@mantine/core';
import { Volume2, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ClassLine } from './ClassLine';
import { FollowMark } from './FollowMark';
import { IconButton } from './IconButton';
import { useWatchRoom } from './room';
import { useFailed } from './useFailed';
import { useWatch } from './useWatch';
import classes from './watch.module.css';

/** What plays and how one, or the class, follows. */
export function TitleRow() {
  const { t } = useTranslation('watch');
  const { session, teacher } = useWatchRoom();
  const { timeline, title, classState, needsTap, problem } = useWatch();
  const failed = useFailed();
  return (
    <div className={classes.titleRow}>
      <h2 className={classes.title}>{timeline?.item?.title || title || t('untitled')}</h2>
      {teacher ? <ClassLine classState={classState} /> : <FollowMark />}
      {needsTap && !problem && (
        <Button size="sm" leftSection={<Volume2 size={16} />} onClick={() => session.tap()} title={t('needsTapText')}>
          {t('needsTap')}
        </Button>
      )}
      {teacher && (
        <IconButton label={t('stopVideo')} onClick={() => void session.stop().catch(failed)}>
          <X size={18} />
        </IconButton>
      )}
    </div>
  );
}
