import { MonitorUp } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { PausedCover } from './PausedCover';
import classes from './room.module.css';
import { useLocalMedia } from './sessions';
import { StreamVideo } from '@/components/media/StreamVideo';
import type { Person } from './usePeople';
import type { ViewTracker } from './viewTracker';

/** Somebody's shared screen; one's own is named, not shown, or it would show itself in itself without end. */
export function ScreenStage({ person, tracker }: { person: Person; tracker: ViewTracker | null }) {
  const { t } = useTranslation('meeting');
  const stage = useRef<HTMLElement>(null);
  const { participant_id: id, user } = person.participant;
  const { self, screen, paused } = person;
  useEffect(() => {
    if (self || !stage.current) return;
    return tracker?.observe(stage.current, id, 'screen');
  }, [self, tracker, id]);
  return (
    <section ref={stage} className={classes.screen} aria-label={self ? t('room.sharing') : t('room.screenOf', { name: user.name })} data-participant-id={id}>
      {self ? <OwnScreen /> : screen && <StreamVideo track={screen} source="screen" />}
      {!self && paused.screen && <PausedCover user={user} />}
      {!self && <span className={classes.screenName}>{t('room.screenOf', { name: user.name })}</span>}
    </section>
  );
}

function OwnScreen() {
  const { t } = useTranslation('meeting');
  const { screen } = useLocalMedia();
  return (
    <div className={classes.ownScreen}>
      <MonitorUp size={36} aria-hidden />
      <p>
        {t('room.sharing')} ({screen?.audio ? t('room.sharingSound') : t('room.sharingSilent')})
      </p>
    </div>
  );
}
