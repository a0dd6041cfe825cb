import { Hand, MicOff, MonitorUp, Pin, PinOff, Star, StarOff } from 'lucide-react';
import { type CSSProperties, memo, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Participant } from '@/api/wire.gen';
import { QualityBars } from '@/components/media/QualityBars';
import { StreamVideo } from '@/components/media/StreamVideo';
import { UserAvatar } from '@/components/UserAvatar';
import type { Quality } from '@/media/quality';
import { PausedCover } from './PausedCover';
import { PictureButton } from './PictureButton';
import type { SpeakingMarks } from './speakingMarks';
import classes from './tile.module.css';
import type { ViewTracker } from './viewTracker';

export interface ParticipantTileProps {
  participant: Participant;
  /** The camera's picture, where there is one. */
  track: MediaStreamTrack | null;
  self: boolean;
  /** The server holds the picture back: the connection here cannot carry it. */
  paused: boolean;
  quality: Quality | null;
  pinned: boolean;
  /** A teacher shows this person to everybody. */
  spotlit: boolean;
  tracker: ViewTracker | null;
  marks: SpeakingMarks | null;
  onPin: (participantId: string) => void;
  /** For teachers: shows somebody to everybody, or nobody any more. */
  onSpotlight: ((participantId: string | null) => void) | null;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Somebody in the room. Who speaks is marked beside React, and a tile keeps its element wherever it stands: pictures never start anew. */
export const ParticipantTile = memo(function ParticipantTile(props: ParticipantTileProps) {
  const { participant, track, self, paused, quality, pinned, spotlit, left, top, width, height } = props;
  const { t } = useTranslation(['meeting', 'media']);
  const { participant_id: id, user, muted, hand_raised: hand, screen_sharing: sharing, connection } = participant;
  const tile = useWatched(props);
  const style: CSSProperties = { left, top, width, height };
  return (
    <div ref={tile} role="listitem" aria-label={user.name} className={classes.tile} data-participant-id={id} data-self={self || undefined} style={style}>
      {track ? (
        <StreamVideo track={track} source="camera" mirrored={self} />
      ) : (
        <div className={classes.avatar}>
          <UserAvatar user={user} size={avatarSize(width, height)} />
        </div>
      )}
      {paused && track && <PausedCover user={user} />}
      {connection === 'reconnecting' && <p className={classes.cover}>{t('room.reconnecting')}</p>}
      {hand && (
        <span className={classes.hand}>
          <Hand size={16} aria-hidden />
          <span className="visually-hidden">{t('tile.hand')}</span>
        </span>
      )}
      <Actions {...props} />
      <div className={classes.label}>
        {muted && <Mark icon={<MicOff size={14} aria-hidden />} text={t('media:state.muted')} />}
        {sharing && <Mark icon={<MonitorUp size={14} aria-hidden />} text={t('tile.sharing')} />}
        {pinned && <Mark calm icon={<Pin size={14} aria-hidden />} text={t('tile.pinned')} />}
        {spotlit && <Mark calm icon={<Star size={14} aria-hidden />} text={t('tile.spotlit')} />}
        <span className={classes.name}>{self ? t('youNamed', { name: user.name }) : user.name}</span>
        {quality && <QualityBars quality={quality} />}
      </div>
    </div>
  );
});

/** The tile's element, known to those who watch over what is seen and who speaks. */
function useWatched({ participant: { participant_id: id }, self, tracker, marks }: ParticipantTileProps) {
  const tile = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (self || !tile.current) return;
    return tracker?.observe(tile.current, id, 'camera');
  }, [self, tracker, id]);
  useEffect(() => {
    if (tile.current) return marks?.observe(tile.current, id);
  }, [marks, id]);
  return tile;
}

function Actions({ participant: { participant_id: id, user }, pinned, spotlit, onPin, onSpotlight }: ParticipantTileProps) {
  const { t } = useTranslation('meeting');
  return (
    <div className={classes.actions}>
      <PictureButton
        label={t(pinned ? 'tile.unpin' : 'tile.pin', { name: user.name })}
        icon={pinned ? <PinOff size={16} /> : <Pin size={16} />}
        onClick={() => onPin(id)}
      />
      {onSpotlight && (
        <PictureButton
          label={t(spotlit ? 'tile.endSpotlight' : 'tile.spotlight', { name: user.name })}
          icon={spotlit ? <StarOff size={16} /> : <Star size={16} />}
          onClick={() => onSpotlight(spotlit ? null : id)}
        />
      )}
    </div>
  );
}

/** In a few steps, so that a tile that changes its size by a little is not drawn again for it. */
function avatarSize(width: number, height: number): number {
  const room = Math.min(width, height) * 0.5;
  return [36, 44, 56, 72, 96].findLast((size) => size <= room) ?? 32;
}

function Mark({ icon, text, calm }: { icon: ReactNode; text: string; calm?: boolean }) {
  return (
    <span className={classes.mark} data-calm={calm || undefined}>
      {icon}
      <span className="visually-hidden">{text}</span>
    </span>
  );
}
