import { Button } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyState } from '@/components/EmptyState';
import { LogoMark } from '@/components/Logo';
import { useFormats } from '@/i18n/format';
import { useEmbedded } from './embedded';
import classes from './end.module.css';

export type Ending = 'left' | 'ended' | 'removed' | 'denied' | 'full' | 'notFound' | 'lost' | 'refused' | 'unverified' | 'loadFailed';

interface EndScreenProps {
  ending: Ending;
  channelId?: string | null;
  /** What to do about it, where something can be done. */
  onAgain?: () => void;
  /** `Date.now()` from which on the server passes on the question of one who was not let in. */
  askAgainAt?: number | null;
}

const rejoins: Ending[] = ['left', 'lost'];

/** Where a stay in a meeting ends, with what happened and where to go from here. */
export function EndScreen({ ending, channelId = null, onAgain, askAgainAt = null }: EndScreenProps) {
  const { t } = useTranslation('meeting');
  const embedded = useEmbedded();
  const { duration } = useFormats();
  const wait = useSecondsUntil(askAgainAt);
  const text = wait > 0 ? t('end.deniedWait', { time: duration(wait) }) : t(`end.${ending}Text`);
  return (
    <main className={classes.page}>
      <EmptyState level={1} icon={<LogoMark size={36} />} title={t(`end.${ending}Title`)} text={text}>
        {onAgain && (
          <Button onClick={onAgain} disabled={wait > 0}>
            {rejoins.includes(ending) ? t('end.rejoin') : t(ending === 'denied' ? 'end.askAgain' : 'end.tryAgain')}
          </Button>
        )}
        {!embedded && (
          <Button component={Link} to={channelId ? `/channels/${channelId}` : '/'} variant={onAgain ? 'default' : 'filled'}>
            {channelId ? t('backToChannel') : t('end.home')}
          </Button>
        )}
      </EmptyState>
    </main>
  );
}

function useSecondsUntil(at: number | null): number {
  const left = () => (at === null ? 0 : Math.max(0, Math.ceil((at - Date.now()) / 1000)));
  const [seconds, setSeconds] = useState(left);
  useInterval(() => setSeconds(left()), 1000, { autoInvoke: at !== null });
  return seconds;
}

const refusals: Record<string, Ending> = { room_full: 'full', not_found: 'notFound', forbidden: 'removed', conflict: 'ended', unverified: 'unverified' };

/** Which end that is, and whether another try makes sense. */
export function endingOf(phase: 'left' | 'ended' | 'removed' | 'denied' | 'refused', refusal: string | null): { ending: Ending; again: boolean } {
  if (phase !== 'refused') return { ending: phase, again: phase === 'left' || phase === 'denied' };
  const ending = refusals[refusal ?? ''] ?? 'refused';
  return { ending, again: ['full', 'refused', 'unverified'].includes(ending) };
}
