import { useEffect, useSyncExternalStore } from 'react';
import type { FloatingSubject } from './floatingPicture';
import { useRoomView, useRoomViewPart } from './roomView';
import { useClassroomPart } from './sessions';
import type { People, Person } from './usePeople';
import type { ViewTracker } from './viewTracker';

/** Gives the small window what matters now: what is pinned here, a shared screen, whom the teacher shows, or whoever speaks. */
export function useFloatingSubject({ others }: People, speaker: string | null, tracker: ViewTracker | null): void {
  const { floating } = useRoomView();
  const pin = useRoomViewPart((view) => view.pin);
  const spotlight = useClassroomPart(({ state }) => state.spotlight);
  const { box } = useSyncExternalStore(floating.subscribe, floating.snapshot);
  const subject =
    pictureOf(others.find(idIs(pin?.id)), pin?.kind ?? 'camera') ??
    pictureOf(others.find((person) => person.screen), 'screen') ??
    pictureOf(others.find(idIs(spotlight)), 'camera') ??
    pictureOf(others.find(idIs(speaker)), 'camera') ??
    pictureOf(others.find((person) => person.camera), 'camera');
  const { participantId, source, track } = subject ?? {};
  useEffect(() => floating.follow(track ?? null), [floating, track]);
  useEffect(() => {
    tracker?.float(box && participantId && source ? { participantId, source, box } : null);
  }, [tracker, box, participantId, source]);
}

function idIs(id: string | null | undefined) {
  return (person: Person) => person.participant.participant_id === id;
}

function pictureOf(person: Person | undefined, source: 'camera' | 'screen'): FloatingSubject | null {
  const track = person?.[source];
  return person && track ? { participantId: person.participant.participant_id, source, track } : null;
}
