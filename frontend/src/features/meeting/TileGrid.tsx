import { useElementSize } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { ParticipantTile } from './ParticipantTile';
import classes from './room.module.css';
import { tileLayout } from './tiles';
import type { Person } from './usePeople';
import type { ViewTracker } from './viewTracker';

const GAP = 8;

interface TileGridProps {
  people: Person[];
  tracker: ViewTracker | null;
  /** Beside a stage tiles stand in one strip. */
  strip: boolean;
}

export function TileGrid({ people, tracker, strip }: TileGridProps) {
  const { t } = useTranslation('meeting');
  const { ref, width, height } = useElementSize();
  const layout = tileLayout(people.length, width, height, GAP);
  const style = strip ? undefined : { width: layout.width, height: layout.height };
  return (
    <div
      ref={ref}
      role="list"
      tabIndex={strip || layout.scrolls ? 0 : undefined}
      aria-label={t('room.participants')}
      className={strip ? classes.strip : classes.grid}
      data-scrolls={(!strip && layout.scrolls) || undefined}
    >
      {(strip || width > 0) &&
        people.map(({ participant, camera, self, speaking, paused, quality }) => (
          <ParticipantTile
            key={participant.participant_id}
            participant={participant}
            track={camera}
            self={self}
            speaking={speaking}
            paused={paused.camera}
            quality={quality}
            tracker={tracker}
            style={style}
          />
        ))}
    </div>
  );
}
