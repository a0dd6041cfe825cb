import { createContext, use, useSyncExternalStore } from 'react';
import type { LessonSnapshot } from '@/playback/lesson';
import type { WatchRoom } from '@/playback/watchRoom';

const RoomContext = createContext<WatchRoom | null>(null);
export const WatchRoomProvider = RoomContext.Provider;

export function useWatchRoom(): WatchRoom {
  const room = use(RoomContext);
  if (!room) throw new Error('useWatchRoom needs a WatchRoomProvider above it');
  return room;
}

export function useLesson(): LessonSnapshot {
  const { lesson } = useWatchRoom();
  return useSyncExternalStore(lesson.subscribe, lesson.snapshot);
}
