import { createContext, use, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { http } from '@/api/http';
import type { File } from '@/api/wire.gen';
import { BreakoutRooms, type BreakoutsSnapshot } from '@/classroom/breakouts';
import { Captions, type CaptionsSnapshot } from '@/classroom/captions';
import { Classroom, type ClassroomSnapshot } from '@/classroom/classroom';
import { Polls, type PollsSnapshot } from '@/classroom/polls';
import { Reactions, type ReactionsSnapshot } from '@/classroom/reactions';
import type { LocalSnapshot } from '@/media/localMedia';
import { type MeetingNotice, MeetingSession, type MeetingSnapshot } from '@/media/meetingSession';
import { loadResume } from '@/media/resume';
import { Lesson } from '@/playback/lesson';
import { WatchSession, type WatchSnapshot } from '@/playback/watchSession';
import { useSocket } from '@/realtime';

export interface Sessions {
  meeting: MeetingSession;
  watch: WatchSession;
  lesson: Lesson;
  classroom: Classroom;
  reactions: Reactions;
  breakouts: BreakoutRooms;
  polls: Polls;
  captions: Captions;
}

const freshUrl = async (fileId: string) => (await http<File>({ path: `/files/${fileId}` })).url;

/**
 * One stay in a meeting, for as long as the page shows it; another `attempt` begins anew. A page that was reloaded in the
 * middle goes straight back in.
 */
export function useSessions(meetingId: string, attempt: number, onNotice: (notice: MeetingNotice) => void): Sessions | null {
  const socket = useSocket();
  const [sessions, setSessions] = useState<Sessions | null>(null);
  const [resume] = useState(() => loadResume(meetingId));
  const notice = useRef(onNotice);
  useEffect(() => {
    notice.current = onNotice;
  });
  useEffect(() => {
    const watch = new WatchSession({ socket, meetingId, freshUrl });
    const lesson = new Lesson({ socket, meetingId });
    const classroom = new Classroom({ socket, meetingId });
    const reactions = new Reactions({ socket, meetingId });
    const breakouts = new BreakoutRooms({ socket, meetingId });
    const polls = new Polls({ socket, meetingId });
    const captions = new Captions({ socket, meetingId });
    const meeting = new MeetingSession({
      socket,
      meetingId,
      onNotice: (happened) => notice.current(happened),
      onJoined: (joined) => {
        watch.joined(joined.playback, joined);
        lesson.joined(joined.playback_state);
        classroom.joined(joined);
        polls.joined(joined);
        captions.joined(joined);
      },
    });
    const offHeard = captions.follow(meeting);
    if (resume && attempt === 0) meeting.join(resume);
    const parts = { meeting, watch, lesson, classroom, reactions, breakouts, polls, captions };
    setSessions(parts);
    return () => {
      offHeard();
      for (const part of Object.values(parts)) part.close();
    };
  }, [socket, meetingId, attempt, resume]);
  return sessions;
}

const SessionContext = createContext<Sessions | null>(null);
export const SessionProvider = SessionContext.Provider;

export function useSession(): Sessions {
  const sessions = use(SessionContext);
  if (!sessions) throw new Error('useSession needs a SessionProvider above it');
  return sessions;
}

export function useMeetingState(): MeetingSnapshot {
  const { meeting } = useSession();
  return useSyncExternalStore(meeting.subscribe, meeting.snapshot);
}

/** One part of the room's state; other news draws nothing again. What is selected must be the same object while it has not changed. */
export function useMeetingPart<T>(select: (state: MeetingSnapshot) => T): T {
  const { meeting } = useSession();
  return useSyncExternalStore(meeting.subscribe, () => select(meeting.snapshot()));
}

export function useClassroomPart<T>(select: (state: ClassroomSnapshot) => T): T {
  const { classroom } = useSession();
  return useSyncExternalStore(classroom.subscribe, () => select(classroom.snapshot()));
}

/** The same for the video: its snapshot changes every second. */
export function useWatchPart<T>(select: (state: WatchSnapshot) => T): T {
  const { watch } = useSession();
  return useSyncExternalStore(watch.subscribe, () => select(watch.snapshot()));
}

export function useLocalMedia(): LocalSnapshot {
  const { local } = useSession().meeting;
  return useSyncExternalStore(local.subscribe, local.snapshot);
}

export function useWatchState(): WatchSnapshot {
  const { watch } = useSession();
  return useSyncExternalStore(watch.subscribe, watch.snapshot);
}

export function useClassroomState(): ClassroomSnapshot {
  const { classroom } = useSession();
  return useSyncExternalStore(classroom.subscribe, classroom.snapshot);
}

export function useReactionsState(): ReactionsSnapshot {
  const { reactions } = useSession();
  return useSyncExternalStore(reactions.subscribe, reactions.snapshot);
}

export function useBreakoutsState(): BreakoutsSnapshot {
  const { breakouts } = useSession();
  return useSyncExternalStore(breakouts.subscribe, breakouts.snapshot);
}

export function usePollsState(): PollsSnapshot {
  const { polls } = useSession();
  return useSyncExternalStore(polls.subscribe, polls.snapshot);
}

export function useCaptionsState(): CaptionsSnapshot {
  const { captions } = useSession();
  return useSyncExternalStore(captions.subscribe, captions.snapshot);
}
