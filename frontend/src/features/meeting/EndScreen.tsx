import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyState } from '@/components/EmptyState';
import { LogoMark } from '@/components/Logo';
import { useEmbedded } from './embedded';
import classes from './end.module.css';

export type Ending = 'left' | 'ended' | 'removed' | 'denied' | 'full' | 'notFound' | 'lost' | 'refused' | 'unverified' | 'loadFailed';

interface EndScreenProps {
  ending: Ending;
  channelId?: string | null;
  /** What to do about it, where something can be done. */
  onAgain?: () => void;
}

const rejoins: Ending[] = ['left', 'lost'];

/** A teacher who said no is not asked again at once; the server would not pass it on. */
const ASK_AGAIN_MS = 60_000;

/** Where a stay in a meeting ends, with what happened and where to go from here. */
export function EndScreen({ ending, channelId = null, onAgain }: EndScreenProps) {
  const { t } = useTranslation('meeting');
  const embedded = useEmbedded();
  const tooSoon = useTooSoon(ending === 'denied');
  return (
    <main className={classes.page}>
      <EmptyState level={1} icon={<LogoMark size={36} />} title={t(`end.${ending}Title`)} text={t(`end.${ending}Text`)}>
        {onAgain && (
          <Button onClick={onAgain} disabled={tooSoon}>
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

function useTooSoon(denied: boolean): boolean {
  const [tooSoon, setTooSoon] = useState(denied);
  useEffect(() => {
    if (!denied) return;
    const timer = setTimeout(() => setTooSoon(false), ASK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [denied]);
  return tooSoon;
}

const refusals: Record<string, Ending> = { room_full: 'full', not_found: 'notFound', forbidden: 'removed', conflict: 'ended', unverified: 'unverified' };

/** Which end that is, and whether another try makes sense. */
export function endingOf(phase: 'left' | 'ended' | 'removed' | 'denied' | 'refused', refusal: string | null): { ending: Ending; again: boolean } {
  if (phase !== 'refused') return { ending: phase, again: phase === 'left' || phase === 'denied' };
  const ending = refusals[refusal ?? ''] ?? 'refused';
  return { ending, again: ['full', 'refused', 'unverified'].includes(ending) };
}
