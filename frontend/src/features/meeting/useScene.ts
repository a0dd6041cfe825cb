import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { teaches } from '@/components/roles';
import { useRoomView, useRoomViewPart } from './roomView';
import { arrange, type Scene } from './scene';
import { Seats, seated } from './seats';
import { useClassroomPart, useSession } from './sessions';
import type { People } from './usePeople';
import type { Box } from './view';

interface SceneProps {
  people: People;
  box: Box;
  watching: boolean;
  theatre: boolean;
  tilesHidden: boolean;
}

export interface SceneState {
  scene: Scene;
  speaker: string | null;
  seats: Seats;
  turn: (page: number) => void;
}

/** Where everything stands now. */
export function useScene({ people, box, watching, theatre, tilesHidden }: SceneProps): SceneState {
  const seats = useSeats();
  const layout = useRoomViewPart((view) => view.layout);
  const floats = useFloats();
  const order = useSyncExternalStore(seats.subscribe, () => seats.snapshot().order);
  // Where nobody is shown for speaking, another speaker draws nothing again.
  const follows = floats || layout === 'sidebar' || layout === 'spotlight';
  const speaker = useSyncExternalStore(seats.subscribe, () => (follows ? seats.snapshot().speaker : null));
  const selfHidden = useRoomViewPart((view) => view.selfHidden);
  const pin = useRoomViewPart((view) => view.pin);
  const spotlight = useClassroomPart((classroom) => classroom.state.spotlight);
  const [page, turn] = useState(0);

  const scene = useMemo(() => {
    const self = people.self?.participant.participant_id ?? null;
    const wanted = !selfHidden || pin?.id === self || spotlight === self;
    return arrange({
      box,
      layout,
      watching,
      theatre,
      tilesHidden,
      pin,
      spotlight,
      speaker,
      screens: people.others.filter((person) => person.screen).map((person) => person.participant.participant_id),
      others: seated(order, people.others.map((person) => person.participant.participant_id)),
      self: wanted ? self : null,
      page,
    });
  }, [people, box, layout, watching, theatre, tilesHidden, pin, spotlight, speaker, order, selfHidden, page]);

  useEffect(() => {
    const host = people.others.find(({ participant }) => teaches(participant.role));
    seats.seat(people.others.map((person) => person.participant.participant_id), host?.participant.participant_id ?? null);
  }, [seats, people.others]);
  useEffect(() => {
    seats.show(scene.firstPage, scene.onStage, scene.followsSpeaker);
    seats.hold(scene.page > 0);
  }, [seats, scene]);
  useEffect(() => {
    if (scene.page !== page) turn(scene.page);
  }, [scene.page, page]);
  return { scene, speaker, seats, turn };
}

/** The small window is open. */
function useFloats(): boolean {
  const { floating } = useRoomView();
  return useSyncExternalStore(floating.subscribe, () => floating.snapshot().box !== null);
}

/** Seats hear who speaks beside React: most words move nobody. */
function useSeats(): Seats {
  const { meeting } = useSession();
  const [seats] = useState(() => new Seats());
  useEffect(() => {
    let known = meeting.snapshot().speakers;
    seats.hear(known);
    const off = meeting.subscribe(() => {
      const { speakers } = meeting.snapshot();
      if (speakers === known) return;
      known = speakers;
      seats.hear(speakers);
    });
    return () => {
      off();
      seats.close();
    };
  }, [meeting, seats]);
  return seats;
}
