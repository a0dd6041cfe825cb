import type { ComponentType } from 'react';
import type { WatchRoom } from '@/playback/watchRoom';

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
