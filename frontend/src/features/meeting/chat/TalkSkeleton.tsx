import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './chat.module.css';

/** The chat before it is here. */
export function TalkSkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status" className={classes.skeletons}>
      <span className="visually-hidden">{t('loading')}</span>
      {[70, 45, 60].map((width) => (
        <Skeleton key={width} height={34} width={`${width}%`} radius="md" />
      ))}
    </div>
  );
}
