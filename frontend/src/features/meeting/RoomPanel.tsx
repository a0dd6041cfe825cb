import { Center, Drawer, Loader } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import night from '@/components/media/night.module.css';
import { ErrorBoundary } from '@/components/ErrorBoundary';
import type { WatchRoom } from '@/playback/watchRoom';
import { PeoplePanel } from './people/PeoplePanel';
import classes from './room.module.css';
import type { Side } from './useRoomUi';
import type { WatchParts } from './watchParts';

const ChatPanel = lazy(() => import('./chat/ChatPanel').then((module) => ({ default: module.ChatPanel })));
const GroupsPanel = lazy(() => import('./groups/GroupsPanel').then((module) => ({ default: module.GroupsPanel })));
const PollsPanel = lazy(() => import('./polls/PollsPanel').then((module) => ({ default: module.PollsPanel })));

interface RoomPanelProps {
  side: Side | null;
  onClose: () => void;
  watchRoom: WatchRoom;
  LessonPanel: WatchParts['Panel'];
}

/** Beside the stage; one that breaks does not end the lesson. */
export function RoomAside({ side, ...props }: RoomPanelProps & { side: Side }) {
  return (
    <aside className={classes.aside}>
      <Guarded side={side}>
        <Panel side={side} {...props} />
      </Guarded>
    </aside>
  );
}

/** On a phone: over the room, from below. */
export function RoomDrawer({ side, onClose, ...props }: RoomPanelProps) {
  const { t } = useTranslation('meeting');
  return (
    <Drawer
      opened={side !== null}
      onClose={onClose}
      position="bottom"
      size="80%"
      withCloseButton={false}
      padding={0}
      radius="lg"
      className={night.night}
      classNames={{ body: classes.drawerBody, content: classes.drawer }}
      attributes={{ root: { 'data-mantine-color-scheme': 'dark' }, content: side ? { 'aria-label': t(`sides.${side}`) } : {} }}
    >
      {side && (
        <Guarded side={side}>
          <Panel side={side} onClose={onClose} {...props} />
        </Guarded>
      )}
    </Drawer>
  );
}

function Guarded({ side, children }: { side: Side; children: ReactNode }) {
  return (
    <ErrorBoundary resetKey={side}>
      <Suspense
        fallback={
          <Center h="100%">
            <Loader />
          </Center>
        }
      >
        {children}
      </Suspense>
    </ErrorBoundary>
  );
}

function Panel({ side, onClose, watchRoom, LessonPanel }: RoomPanelProps & { side: Side }) {
  switch (side) {
    case 'people':
      return <PeoplePanel channelId={watchRoom.channelId} teacher={watchRoom.teacher} onClose={onClose} />;
    case 'lesson':
      return <LessonPanel room={watchRoom} onClose={onClose} />;
    case 'chat':
      return <ChatPanel channelId={watchRoom.channelId} onClose={onClose} />;
    case 'groups':
      return <GroupsPanel channelId={watchRoom.channelId} onClose={onClose} />;
    case 'polls':
      return <PollsPanel onClose={onClose} />;
  }
}
