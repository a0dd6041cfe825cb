import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorBoundary } from '@/components/ErrorBoundary';
import type { WatchRoom } from '@/playback/watchRoom';
import classes from './room.module.css';
import { ScreenStage } from './ScreenStage';
import { useSession, useWatchPart } from './sessions';
import { TileGrid } from './TileGrid';
import { usePeople } from './usePeople';
import type { RoomActions } from './useRoomUi';
import { ViewTracker } from './viewTracker';
import type { WatchParts } from './watchParts';

interface RoomStageProps {
  watchRoom: WatchRoom;
  watching: boolean;
  VideoStage: WatchParts['Stage'];
  theatre: boolean;
  lessonOpen: boolean;
  tilesHidden: boolean;
  actions: RoomActions;
}

/** What the room looks at: the video, shared screens, and everybody's tiles. */
export function RoomStage({ watchRoom, watching, VideoStage, theatre, lessonOpen, tilesHidden, actions }: RoomStageProps) {
  const { t } = useTranslation('meeting');
  const people = usePeople();
  const tracker = useViewTracker();
  const version = useWatchPart((watch) => watch.timeline?.v);
  const openWatch = useCallback(() => actions.openDialog('watch'), [actions]);
  const toggleLesson = useCallback(() => actions.toggleSide('lesson'), [actions]);
  const screens = people.filter((person) => person.participant.screen_sharing && (person.self || person.screen));
  const staged = watching || screens.length > 0;
  return (
    <div className={classes.floor} data-staged={staged || undefined} data-theatre={(theatre && watching) || undefined}>
      {staged && (
        <div className={classes.stage} data-shared={(watching && screens.length > 0) || undefined}>
          {watching && (
            <ErrorBoundary resetKey={String(version)}>
              <VideoStage
                room={watchRoom}
                onChange={openWatch}
                theatre={theatre}
                onTheatre={actions.toggleTheatre}
                panelOpen={lessonOpen}
                onPanel={toggleLesson}
              />
            </ErrorBoundary>
          )}
          {screens.map((person) => (
            <ScreenStage key={person.participant.participant_id} person={person} tracker={tracker} />
          ))}
        </div>
      )}
      {!tilesHidden && (
        <div className={classes.tiles}>
          <TileGrid people={people} tracker={tracker} strip={staged} />
          {people.length === 1 && !staged && <p className={classes.alone}>{t('room.alone')}</p>}
        </div>
      )}
    </div>
  );
}

function useViewTracker(): ViewTracker | null {
  const { meeting } = useSession();
  const [tracker, setTracker] = useState<ViewTracker | null>(null);
  useEffect(() => {
    const made = new ViewTracker((tiles) => meeting.setView(tiles));
    setTracker(made);
    return () => made.close();
  }, [meeting]);
  return tracker;
}
