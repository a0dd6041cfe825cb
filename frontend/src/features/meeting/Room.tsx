import { Button, Drawer, Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { ArrowLeft, Volume2 } from 'lucide-react';
import { type ComponentType, lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ErrorBoundary } from '@/components/ErrorBoundary';
import { useTalkingWhileMuted } from '@/components/media/useTalkingWhileMuted';
import type { WatchRoom } from '@/playback/watchRoom';
import { ConnectionState } from './ConnectionState';
import { ControlsBar } from './ControlsBar';
import { DeviceProblemNote } from '@/components/media/DeviceProblemNote';
import { DeviceSelects } from '@/components/media/DeviceSelects';
import { Exits } from './Exits';
import { PeoplePanel } from './people/PeoplePanel';
import { RemoteAudio } from './RemoteAudio';
import night from '@/components/media/night.module.css';
import classes from './room.module.css';
import { ScreenStage } from './ScreenStage';
import { useLocalMedia, useMeetingState, useSession, useWatchState } from './sessions';
import { ShortcutsDialog } from './help/ShortcutsDialog';
import { TileGrid } from './TileGrid';
import { usePeople } from './usePeople';
import { useRoomKeys } from './useRoomKeys';
import { ViewTracker } from './viewTracker';

const MeetingStatistics = lazy(() => import('./MeetingStatistics'));

/** What the room and the video in it agree on. */
export interface WatchStageProps {
  room: WatchRoom;
  /** The teacher wants another video. */
  onChange: () => void;
  /** The video takes the whole room. */
  theatre: boolean;
  onTheatre: () => void;
  panelOpen: boolean;
  onPanel: () => void;
}

/** The parts of watching together, handed in by the app: features do not import each other. */
export interface WatchParts {
  Stage: ComponentType<WatchStageProps>;
  Panel: ComponentType<{ room: WatchRoom; onClose: () => void }>;
  LoadDialog: ComponentType<{ room: WatchRoom; opened: boolean; onClose: () => void; onList: () => void }>;
}

interface RoomProps {
  channelId: string;
  channelName: string;
  watchParts: WatchParts;
  announcement: string;
}

/** What stands beside the stage. */
type Side = 'people' | 'lesson' | null;
type Dialog = 'watch' | 'devices' | 'shortcuts' | null;

export function Room({ channelId, channelName, watchParts, announcement }: RoomProps) {
  const { t } = useTranslation(['meeting', 'media']);
  const { meeting: session, watch, lesson } = useSession();
  const { remote, participants, me, muted } = useMeetingState();
  const { microphone } = useLocalMedia();
  const { timeline, needsTap } = useWatchState();
  const people = usePeople();
  const tracker = useViewTracker();
  const narrow = useMediaQuery('(max-width: 800px)', false, { getInitialValueInEffect: false });
  const [side, setSide] = useState<Side>(null);
  const [theatre, setTheatre] = useState(false);
  const [statistics, setStatistics] = useState(false);
  const [dialog, setDialog] = useState<Dialog>(null);
  const [soundBlocked, setSoundBlocked] = useState(false);
  const [soundAttempt, setSoundAttempt] = useState(0);
  const unmute = useCallback(() => void session.setMuted(false), [session]);
  const closeDialog = useCallback(() => setDialog(null), []);
  const openShortcuts = useCallback(() => setDialog('shortcuts'), []);
  const openWatch = useCallback(() => setDialog('watch'), []);
  const closeSide = useCallback(() => setSide(null), []);
  const openLesson = useCallback(() => setSide('lesson'), []);
  const toggleLesson = useCallback(() => setSide((shown) => (shown === 'lesson' ? null : 'lesson')), []);
  const toggleStatistics = useCallback(() => setStatistics((shown) => !shown), []);
  const toggleTheatre = useCallback(() => setTheatre((on) => !on), []);
  const onBlocked = useCallback(() => setSoundBlocked(true), []);

  const own = participants.find((participant) => participant.participant_id === me);
  const teacher = own !== undefined && own.role !== 'student';
  const watching = timeline?.item != null;
  const screens = people.filter((person) => person.participant.screen_sharing && (person.self || person.screen));
  const staged = watching || screens.length > 0;
  useRoomKeys({ session, spaceTalks: !(teacher && watching), onList: openShortcuts, onStatistics: toggleStatistics });
  useTalkingWhileMuted(muted, microphone.track, unmute);

  const turnOnSound = useCallback(() => {
    setSoundBlocked(false);
    setSoundAttempt((n) => n + 1);
  }, []);
  // The video's own "Tap for sound" allows everybody's voices too.
  useEffect(() => {
    if (!needsTap) turnOnSound();
  }, [needsTap, turnOnSound]);
  const exits = <Exits teacher={teacher} wide={!narrow} />;
  const watchRoom: WatchRoom = { session: watch, lesson, channelId, participants, me, teacher };
  const peoplePanel = <PeoplePanel teacher={teacher} onClose={closeSide} />;
  const lessonPanel = side === 'lesson' && (watching || teacher) ? <watchParts.Panel room={watchRoom} onClose={closeSide} /> : null;
  const aside = side === 'people' && !narrow ? peoplePanel : lessonPanel;

  return (
    <div className={`${classes.room} ${night.night}`} data-mantine-color-scheme="dark">
      <header className={classes.head}>
        <Link className={classes.back} to={`/channels/${channelId}`} aria-label={t('backToChannel')} title={t('backToChannel')}>
          <ArrowLeft size={20} aria-hidden />
        </Link>
        <h1 className={classes.title}>{channelName}</h1>
        {narrow && exits}
      </header>
      <ConnectionState />
      {soundBlocked && !needsTap && (
        <div className={classes.banner} role="alert">
          <span>{t('media:soundBlocked')}</span>
          <Button size="compact-md" leftSection={<Volume2 size={16} />} onClick={turnOnSound}>
            {t('media:turnOnSound')}
          </Button>
        </div>
      )}
      <main
        className={classes.body}
        data-staged={staged || undefined}
        data-theatre={(theatre && watching && !narrow) || undefined}
        data-panel={aside && !narrow ? side : undefined}
      >
        {staged && (
          <div className={classes.stage} data-shared={(watching && screens.length > 0) || undefined}>
            {watching && (
              <ErrorBoundary resetKey={String(timeline?.v)}>
                <watchParts.Stage
                  room={watchRoom}
                  onChange={openWatch}
                  theatre={theatre}
                  onTheatre={toggleTheatre}
                  panelOpen={lessonPanel !== null}
                  onPanel={toggleLesson}
                />
              </ErrorBoundary>
            )}
            {screens.map((person) => (
              <ScreenStage key={person.participant.participant_id} person={person} tracker={tracker} />
            ))}
          </div>
        )}
        {/* On a phone the lesson's panel takes the tiles' place, so that nothing covers the video. */}
        {!(narrow && aside) && (
          <div className={classes.tiles}>
            <TileGrid people={people} tracker={tracker} strip={staged} />
            {people.length === 1 && !staged && <p className={classes.alone}>{t('room.alone')}</p>}
          </div>
        )}
        {aside && <aside className={classes.aside}>{aside}</aside>}
      </main>
      <ControlsBar
        teacher={teacher}
        peopleOpen={side === 'people'}
        onPeople={() => setSide((shown) => (shown === 'people' ? null : 'people'))}
        onWatch={openWatch}
        onDevices={() => setDialog('devices')}
        onShortcuts={openShortcuts}
        onStatistics={toggleStatistics}
        exits={narrow ? null : exits}
      />
      <Drawer
        opened={side === 'people' && narrow === true}
        onClose={closeSide}
        position="bottom"
        size="75%"
        withCloseButton={false}
        padding={0}
        radius="lg"
        className={night.night}
        attributes={{ root: { 'data-mantine-color-scheme': 'dark' }, content: { 'aria-label': t('panel.title') } }}
      >
        {peoplePanel}
      </Drawer>
      <watchParts.LoadDialog room={watchRoom} opened={dialog === 'watch'} onClose={closeDialog} onList={openLesson} />
      <Modal opened={dialog === 'devices'} onClose={closeDialog} title={t('media:controls.devices')} closeButtonProps={{ 'aria-label': t('close') }}>
        <DeviceProblemNote local={session.local} kind="microphone" />
        <DeviceProblemNote local={session.local} kind="camera" />
        <DeviceSelects local={session.local} />
      </Modal>
      {statistics && (
        <ErrorBoundary>
          <Suspense>
            <MeetingStatistics onClose={toggleStatistics} />
          </Suspense>
        </ErrorBoundary>
      )}
      <ShortcutsDialog opened={dialog === 'shortcuts'} onClose={closeDialog} teacher={teacher} />
      <RemoteAudio media={remote} attempt={soundAttempt} onBlocked={onBlocked} />
      <p className="visually-hidden" role="status" aria-live="polite">
        {announcement}
      </p>
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
