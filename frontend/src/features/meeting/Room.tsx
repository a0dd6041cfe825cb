import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Volume2 } from 'lucide-react';
import { lazy, memo, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorBoundary } from '@/components/ErrorBoundary';
import night from '@/components/media/night.module.css';
import { useNightPage } from '@/components/media/useNightPage';
import { useTalkingWhileMuted } from '@/components/media/useTalkingWhileMuted';
import type { WatchRoom } from '@/playback/watchRoom';
import { BackLink } from './BackLink';
import { CaptionsLayer } from './captions/CaptionsLayer';
import { ConnectionState } from './ConnectionState';
import { ControlsBar } from './ControlsBar';
import { Exits } from './Exits';
import { GroupsBar } from './groups/GroupsBar';
import { Hints } from './help/Hints';
import { LobbyNotice } from './people/LobbyNotice';
import { WordNotice } from './people/WordNotice';
import { PollCard } from './polls/PollCard';
import { RemoteAudio } from './RemoteAudio';
import classes from './room.module.css';
import { RoomDialogs } from './RoomDialogs';
import { RoomAside, RoomDrawer } from './RoomPanel';
import { RoomStage } from './RoomStage';
import { RoomView, RoomViewProvider } from './roomView';
import { useLocalMedia, useMeetingPart, useSession, useWatchPart } from './sessions';
import { useRoomKeys } from './useRoomKeys';
import { useRoomSound } from './useRoomSound';
import { SharingBar } from './SharingBar';
import { type Side, useRoomUi } from './useRoomUi';
import { useSharing } from './useSharing';
import { ViewMenu } from './ViewMenu';
import type { WatchParts } from './watchParts';

const MeetingStatistics = lazy(() => import('./MeetingStatistics'));

interface RoomProps {
  channelId: string;
  channelName: string;
  watchParts: WatchParts;
  announcement: string;
}

/** The meeting's room, as this window shows it. */
export const Room = memo(function Room(props: RoomProps) {
  const [view] = useState(() => new RoomView());
  useEffect(() => () => view.close(), [view]);
  return (
    <RoomViewProvider value={view}>
      <Composition {...props} />
    </RoomViewProvider>
  );
});

/** What is on the stage, what stands beside it, what floats above, and the bar. */
function Composition({ channelId, channelName, watchParts, announcement }: RoomProps) {
  const { t } = useTranslation(['meeting', 'media']);
  const narrow = useMediaQuery('(max-width: 800px), (max-height: 480px)', false, { getInitialValueInEffect: false });
  const upright = useMediaQuery('(max-width: 800px) and (min-height: 481px)', false, { getInitialValueInEffect: false });
  const roomy = useMediaQuery('(min-width: 1000px)', true, { getInitialValueInEffect: false });
  const watchRoom = useWatchRoom(channelId);
  useNightPage();
  const { teacher } = watchRoom;
  const watching = useWatching();
  const sound = useRoomSound();
  const { side: chosen, dialog, statistics, theatre, actions } = useRoomUi();
  const side = shownSide(chosen, { teacher, watching });
  const openCaptions = useCallback(() => actions.openDialog('captions'), [actions]);
  const openPolls = useCallback(() => actions.openSide('polls'), [actions]);
  const openPeople = useCallback(() => actions.openSide('people'), [actions]);
  const openGroups = useCallback(() => actions.openSide('groups'), [actions]);
  const sharing = useSharing();
  useRoomKeys({ teacher, watching, actions, share: sharing.toggle });
  useUnmuteHint();

  const exits = <Exits teacher={teacher} wide={roomy && !narrow} />;
  // On a phone held upright the lesson's panel takes the tiles' place, so that nothing covers the video; the others come from below.
  const beside = upright && side !== 'lesson' ? null : side;
  return (
    <div className={`${classes.room} ${night.night}`} data-mantine-color-scheme="dark">
      <header className={classes.head}>
        <BackLink className={classes.back} channelId={channelId} />
        <h1 className={classes.title}>{channelName}</h1>
        {narrow ? exits : <ViewMenu />}
      </header>
      <ConnectionState />
      {sound.blocked && (
        <div className={classes.banner} role="alert">
          <span>{t('media:soundBlocked')}</span>
          <Button size="compact-md" leftSection={<Volume2 size={16} />} onClick={sound.turnOn}>
            {t('media:turnOnSound')}
          </Button>
        </div>
      )}
      <SharingBar />
      <GroupsBar onOpen={openGroups} />
      <main className={classes.body} data-panel={beside ?? undefined}>
        <RoomStage
          watchRoom={watchRoom}
          watching={watching}
          VideoStage={watchParts.Stage}
          theatre={theatre && !narrow}
          lessonOpen={side === 'lesson'}
          tilesHidden={upright && beside !== null}
          actions={actions}
        />
        {beside && <RoomAside side={beside} onClose={actions.closeSide} watchRoom={watchRoom} LessonPanel={watchParts.Panel} />}
        <PollCard onOpen={openPolls} />
        <Hints />
      </main>
      <LobbyNotice onSee={openPeople} />
      <WordNotice />
      <CaptionsLayer onSettings={openCaptions} />
      <ControlsBar {...{ channelId, teacher, narrow, side, actions }} onShare={sharing.toggle} exits={narrow ? null : exits} />
      <RoomDrawer side={upright && !beside ? side : null} onClose={actions.closeSide} watchRoom={watchRoom} LessonPanel={watchParts.Panel} />
      <RoomDialogs dialog={dialog} actions={actions} watchRoom={watchRoom} LoadDialog={watchParts.LoadDialog} />
      {sharing.dialog}
      {statistics && (
        <ErrorBoundary>
          <Suspense>
            <MeetingStatistics onClose={actions.toggleStatistics} />
          </Suspense>
        </ErrorBoundary>
      )}
      <RemoteAudio attempt={sound.attempt} onBlocked={sound.onBlocked} />
      <p className="visually-hidden" role="status" aria-live="polite">
        {announcement}
      </p>
    </div>
  );
}

function useWatchRoom(channelId: string): WatchRoom {
  const { watch: session, lesson } = useSession();
  const participants = useMeetingPart((room) => room.participants);
  const me = useMeetingPart((room) => room.me);
  return useMemo(() => {
    const own = participants.find((participant) => participant.participant_id === me);
    return { session, lesson, channelId, participants, me, teacher: own !== undefined && own.role !== 'student' };
  }, [session, lesson, channelId, participants, me]);
}

/** The class's video belongs to the main room. */
function useWatching(): boolean {
  const loaded = useWatchPart((watch) => watch.timeline?.item != null);
  const away = useMeetingPart((room) => room.participants.some((p) => p.participant_id === room.me && p.room_id !== ''));
  return loaded && !away;
}

/** A panel that has nothing to show now is not shown. */
function shownSide(side: Side | null, { teacher, watching }: { teacher: boolean; watching: boolean }): Side | null {
  if (side === 'lesson' && !watching && !teacher) return null;
  if (side === 'groups' && !teacher) return null;
  return side;
}

function useUnmuteHint(): void {
  const { meeting } = useSession();
  const muted = useMeetingPart((room) => room.muted);
  const { microphone } = useLocalMedia();
  const unmute = useCallback(() => void meeting.setMuted(false), [meeting]);
  useTalkingWhileMuted(muted, microphone.track, unmute);
}
