import { Button } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { Link2 } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorBoundary } from '@/components/ErrorBoundary';
import type { WatchRoom } from '@/playback/watchRoom';
import classes from './floor.module.css';
import { Pager } from './Pager';
import { ParticipantTile } from './ParticipantTile';
import { ReactionsLayer } from './reactions/ReactionsLayer';
import { useRoomView, useRoomViewPart } from './roomView';
import type { Scene } from './scene';
import { ScreenStage } from './ScreenStage';
import { useClassroomPart, useMeetingPart, useSession, useWatchPart } from './sessions';
import { useCopyLink } from './useCopyLink';
import { useFloatingSubject } from './useFloatingSubject';
import { usePageTurns } from './usePageTurns';
import { type People, usePeople } from './usePeople';
import type { RoomActions } from './useRoomUi';
import { useScene } from './useScene';
import { useTouched } from './useTouched';
import { useSpeakingMarks, useViewTracker } from './useWatchers';
import type { WatchParts } from './watchParts';

interface RoomStageProps {
  watchRoom: WatchRoom;
  watching: boolean;
  VideoStage: WatchParts['Stage'];
  theatre: boolean;
  lessonOpen: boolean;
  /** A phone's panel needs the tiles' place. */
  tilesHidden: boolean;
  actions: RoomActions;
}

/** What the room looks at: the video, shared screens, and everybody's tiles, each in its place. */
export function RoomStage({ watchRoom, watching, VideoStage, theatre, lessonOpen, tilesHidden, actions }: RoomStageProps) {
  const people = usePeople();
  const { ref, width, height } = useElementSize();
  const box = useMemo(() => ({ width, height }), [width, height]);
  const { scene, speaker, seats, turn } = useScene({ people, box, watching, theatre, tilesHidden });
  const tracker = useViewTracker();
  const swipes = usePageTurns(scene, turn);
  const touched = useTouched(seats);
  useFloatingSubject(people, speaker, tracker);
  const shown = width > 0;
  return (
    <div className={classes.floor} data-staged={scene.staged || undefined} hidden={tilesHidden && !scene.staged} {...swipes}>
      {/* What nobody has seen keeps no place in it: a picture is measured where it stands. */}
      <div ref={ref} className={classes.measure} />
      {shown && scene.video && (
        <div className={classes.video} style={scene.video}>
          <ClassVideo VideoStage={VideoStage} watchRoom={watchRoom} theatre={theatre} lessonOpen={lessonOpen} actions={actions} />
        </div>
      )}
      {shown && <Screens people={people} scene={scene} tracker={tracker} />}
      {shown && <Tiles people={people} scene={scene} teacher={watchRoom.teacher} tracker={tracker} touched={touched} />}
      {scene.pages > 1 && scene.area && <Pager area={scene.area} page={scene.page} pages={scene.pages} onTurn={turn} />}
      <Alone people={people} staged={scene.staged} />
      {/* Nothing may lie over YouTube's player: reactions rise over the tiles then. */}
      <div className={classes.air} style={scene.video ? (scene.area ?? { display: 'none' }) : undefined}>
        <ReactionsLayer />
      </div>
    </div>
  );
}

interface ClassVideoProps {
  VideoStage: WatchParts['Stage'];
  watchRoom: WatchRoom;
  theatre: boolean;
  lessonOpen: boolean;
  actions: RoomActions;
}

function ClassVideo({ VideoStage, watchRoom, theatre, lessonOpen, actions }: ClassVideoProps) {
  const version = useWatchPart((watch) => watch.timeline?.v);
  const change = useCallback(() => actions.openDialog('watch'), [actions]);
  const toggleLesson = useCallback(() => actions.toggleSide('lesson'), [actions]);
  return (
    <ErrorBoundary resetKey={String(version)}>
      <VideoStage room={watchRoom} onChange={change} theatre={theatre} onTheatre={actions.toggleTheatre} panelOpen={lessonOpen} onPanel={toggleLesson} />
    </ErrorBoundary>
  );
}

interface PicturesProps {
  people: People;
  scene: Scene;
  tracker: ReturnType<typeof useViewTracker>;
}

function Screens({ people, scene, tracker }: PicturesProps) {
  const pin = useRoomViewPart((view) => view.pin);
  return people.others.map((person) => {
    const id = person.participant.participant_id;
    const rect = scene.screens.get(id);
    return rect && <ScreenStage key={id} person={person} rect={rect} pinned={pin?.kind === 'screen' && pin.id === id} tracker={tracker} />;
  });
}

function Tiles({ people, scene, teacher, tracker, touched }: PicturesProps & { teacher: boolean; touched: ReturnType<typeof useTouched> }) {
  const { t } = useTranslation('meeting');
  const { classroom } = useSession();
  const view = useRoomView();
  const marks = useSpeakingMarks();
  const pin = useRoomViewPart(({ pin }) => (pin?.kind === 'camera' ? pin.id : null));
  const spotlight = useClassroomPart(({ state }) => state.spotlight);
  const onPin = useCallback((id: string) => view.togglePin({ kind: 'camera', id }), [view]);
  const onSpotlight = useCallback((id: string | null) => void classroom.spotlight(id).catch(() => undefined), [classroom]);
  // Always in the order of the roster: an element that is moved among others is taken out and put in again, and its picture stops.
  const everyone = people.self ? [...people.others, people.self] : people.others;
  return (
    <div role="list" className={classes.tiles} hidden={scene.tiles.size === 0} aria-label={t('room.participants')} {...touched}>
      {everyone.map((person) => {
        const id = person.participant.participant_id;
        const rect = scene.tiles.get(id);
        return (
          rect && (
            <ParticipantTile
              key={id}
              participant={person.participant}
              track={person.camera}
              self={person.self}
              paused={person.paused.camera}
              quality={person.quality}
              pinned={pin === id}
              spotlit={spotlight === id}
              tracker={tracker}
              marks={marks}
              onPin={onPin}
              onSpotlight={teacher ? onSpotlight : null}
              {...rect}
            />
          )
        );
      })}
    </div>
  );
}

function Alone({ people, staged }: { people: People; staged: boolean }) {
  const { t } = useTranslation('meeting');
  // Alone in a group's room the others are only elsewhere.
  const first = useMeetingPart((room) => room.participants.length === 1);
  const copyLink = useCopyLink();
  if (!first || people.others.length > 0 || staged) return null;
  return (
    <div className={classes.alone}>
      <p>{t('room.alone')}</p>
      {copyLink && (
        <Button variant="light" leftSection={<Link2 size={16} aria-hidden />} onClick={() => void copyLink()}>
          {t('link.copy')}
        </Button>
      )}
    </div>
  );
}
