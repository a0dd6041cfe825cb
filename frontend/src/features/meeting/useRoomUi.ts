import { useMemo, useState } from 'react';

/** What stands beside the stage. */
export type Side = 'people' | 'lesson' | 'chat' | 'groups' | 'polls';
export type RoomDialog = 'watch' | 'devices' | 'captions' | 'shortcuts';

export interface RoomActions {
  openSide: (side: Side) => void;
  closeSide: () => void;
  toggleSide: (side: Side) => void;
  openDialog: (dialog: RoomDialog) => void;
  closeDialog: () => void;
  toggleStatistics: () => void;
  toggleTheatre: () => void;
}

export interface RoomUi {
  side: Side | null;
  dialog: RoomDialog | null;
  statistics: boolean;
  /** The video takes the whole room. */
  theatre: boolean;
  actions: RoomActions;
}

/** What is open in the room's window. The actions are the same ones for as long as it shows. */
export function useRoomUi(): RoomUi {
  const [side, setSide] = useState<Side | null>(null);
  const [dialog, setDialog] = useState<RoomDialog | null>(null);
  const [statistics, setStatistics] = useState(false);
  const [theatre, setTheatre] = useState(false);
  const actions = useMemo<RoomActions>(
    () => ({
      openSide: setSide,
      closeSide: () => setSide(null),
      toggleSide: (side) => setSide((shown) => (shown === side ? null : side)),
      openDialog: setDialog,
      closeDialog: () => setDialog(null),
      toggleStatistics: () => setStatistics((shown) => !shown),
      toggleTheatre: () => setTheatre((on) => !on),
    }),
    [],
  );
  return { side, dialog, statistics, theatre, actions };
}
