import { useEffect, useSyncExternalStore } from 'react';
import type { FloatingSubject } from './floatingPicture';
import type { Pin } from './floor';
import { useRoomView, useRoomViewPart } from './roomView';
import { useClassroomPart } from './sessions';
import type { People, Person } from './usePeople';
import type { ViewTracker } from './viewTracker';

/** Gives the small window what matters now. */
export function useFloatingSubject({ others }: People, speaker: string | null, tracker: ViewTracker | null): void {
  const { floating } = useRoomView();
  const pin = useRoomViewPart((view) => view.pin);
  const spotlight = useClassroomPart(({ state }) => state.spotlight);
  const { box } = useSyncExternalStore(floating.subscribe, floating.snapshot);
  const { participantId, source, track } = floatingSubject(others, { pin, spotlight, speaker }) ?? {};
  useEffect(() => floating.follow(track ?? null), [floating, track]);
  useEffect(() => {
    tracker?.float(box && participantId && source ? { participantId, source, box } : null);
  }, [tracker, box, participantId, source]);
}

interface Attention {
  pin: Pin | null;
  spotlight: string;
  speaker: string | null;
}

/** What is pinned here, a shared screen, whom the teacher shows, whoever speaks, or anybody: the first of these with a picture. */
export function floatingSubject(others: Person[], { pin, spotlight, speaker }: Attention): FloatingSubject | null {
  return (
    pictureOf(others.find(idIs(pin?.id)), pin?.kind ?? 'camera') ??
    pictureOf(others.find((person) => person.screen), 'screen') ??
    pictureOf(others.find(idIs(spotlight)), 'camera') ??
    pictureOf(others.find(idIs(speaker)), 'camera') ??
    pictureOf(others.find((person) => person.camera), 'camera')
  );
}

function idIs(id: string | null | undefined) {
  return (person: Person) => person.participant.participant_id === id;
}

function pictureOf(person: Person | undefined, source: 'camera' | 'screen'): FloatingSubject | null {
  const track = person?.[source];
  return person && track ? { participantId: person.participant.participant_id, source, track } : null;
}
