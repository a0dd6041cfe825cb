import { createContext, use, useSyncExternalStore } from 'react';
import { Store } from '@/media/store';
import { FloatingPicture } from './floatingPicture';
import { type Layout, layouts, type Pin } from './floor';

export interface RoomViewSnapshot {
  layout: Layout;
  /** One's own tile is not shown here; the others see one all the same. */
  selfHidden: boolean;
  pin: Pin | null;
  /** How loud shared screens are here, from 0 to 1, by participant; 1 where nothing is said. */
  volumes: Readonly<Record<string, number>>;
}

const KEYS = { layout: 'lectern.room.layout', selfHidden: 'lectern.room.selfHidden' };

/** How this window shows the room; layout and the own tile are remembered on this device. */
export class RoomView {
  /** The picture in a window of its own. */
  readonly floating = new FloatingPicture();
  private readonly store = new Store<RoomViewSnapshot>({
    layout: layouts.find((layout) => layout === localStorage.getItem(KEYS.layout)) ?? 'auto',
    selfHidden: localStorage.getItem(KEYS.selfHidden) === 'true',
    pin: null,
    volumes: {},
  });

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  readonly setLayout = (layout: Layout): void => {
    localStorage.setItem(KEYS.layout, layout);
    this.store.patch({ layout });
  };

  readonly hideSelf = (selfHidden: boolean): void => {
    localStorage.setItem(KEYS.selfHidden, String(selfHidden));
    this.store.patch({ selfHidden });
  };

  /** Pins a picture; the one that is pinned is let go. */
  readonly togglePin = (pin: Pin): void => {
    const now = this.snapshot().pin;
    this.store.patch({ pin: now && now.id === pin.id && now.kind === pin.kind ? null : pin });
  };

  readonly setVolume = (participantId: string, volume: number): void => {
    this.store.patch({ volumes: { ...this.snapshot().volumes, [participantId]: volume } });
  };

  close(): void {
    this.floating.close();
  }
}

const RoomViewContext = createContext<RoomView | null>(null);
export const RoomViewProvider = RoomViewContext.Provider;

export function useRoomView(): RoomView {
  const view = use(RoomViewContext);
  if (!view) throw new Error('useRoomView needs a RoomViewProvider above it');
  return view;
}

/** One part of how the room is shown. */
export function useRoomViewPart<T>(select: (view: RoomViewSnapshot) => T): T {
  const view = useRoomView();
  return useSyncExternalStore(view.subscribe, () => select(view.snapshot()));
}
