import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyState } from '@/components/EmptyState';
import { LogoMark } from '@/components/Logo';
import classes from './end.module.css';

export type Ending = 'left' | 'ended' | 'removed' | 'full' | 'notFound' | 'lost' | 'refused' | 'loadFailed';

interface EndScreenProps {
  ending: Ending;
  channelId?: string;
  /** What to do about it, where something can be done. */
  onAgain?: () => void;
}

const rejoins: Ending[] = ['left', 'lost'];

/** Where a stay in a meeting ends, with what happened and where to go from here. */
export function EndScreen({ ending, channelId, onAgain }: EndScreenProps) {
  const { t } = useTranslation('meeting');
  return (
    <main className={classes.page}>
      <EmptyState level={1} icon={<LogoMark size={36} />} title={t(`end.${ending}Title`)} text={t(`end.${ending}Text`)}>
        {onAgain && <Button onClick={onAgain}>{rejoins.includes(ending) ? t('end.rejoin') : t('end.tryAgain')}</Button>}
        <Button component={Link} to={channelId ? `/channels/${channelId}` : '/'} variant={onAgain ? 'default' : 'filled'}>
          {channelId ? t('backToChannel') : t('end.home')}
        </Button>
      </EmptyState>
    </main>
  );
}
