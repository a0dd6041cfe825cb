import { Hand, MicOff, MonitorUp } from 'lucide-react';
import { type CSSProperties, memo, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Participant } from '@/api/wire.gen';
import { UserAvatar } from '@/components/UserAvatar';
import type { Quality } from '@/media/quality';
import { PausedCover } from './PausedCover';
import { QualityBars } from '@/components/media/QualityBars';
import { StreamVideo } from '@/components/media/StreamVideo';
import classes from './tile.module.css';
import type { ViewTracker } from './viewTracker';

export interface ParticipantTileProps {
  participant: Participant;
  /** The camera's picture, where there is one. */
  track: MediaStreamTrack | null;
  self: boolean;
  speaking: boolean;
  /** The server holds the picture back: the connection here cannot carry it. */
  paused: boolean;
  quality: Quality | null;
  tracker: ViewTracker | null;
  style?: CSSProperties;
}

export const ParticipantTile = memo(function ParticipantTile({ participant, track, self, speaking, paused, quality, tracker, style }: ParticipantTileProps) {
  const { t } = useTranslation(['meeting', 'media']);
  const tile = useRef<HTMLDivElement>(null);
  const { participant_id: id, user, muted, hand_raised: hand, screen_sharing: sharing, connection } = participant;
  useEffect(() => {
    if (self || !tile.current) return;
    return tracker?.observe(tile.current, id, 'camera');
  }, [self, tracker, id]);

  return (
    <div
      ref={tile}
      role="listitem"
      aria-label={user.name}
      className={classes.tile}
      data-participant-id={id}
      data-self={self || undefined}
      data-speaking={speaking || undefined}
      style={style}
    >
      {track ? (
        <StreamVideo track={track} source="camera" mirrored={self} />
      ) : (
        <div className={classes.avatar}>
          <UserAvatar user={user} size={72} />
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
      <div className={classes.label}>
        {muted && <Mark icon={<MicOff size={14} aria-hidden />} text={t('media:state.muted')} />}
        {sharing && <Mark icon={<MonitorUp size={14} aria-hidden />} text={t('tile.sharing')} />}
        <span className={classes.name}>{self ? t('youNamed', { name: user.name }) : user.name}</span>
        {quality && <QualityBars quality={quality} />}
      </div>
    </div>
  );
});

function Mark({ icon, text }: { icon: React.ReactNode; text: string }) {
  return (
    <span className={classes.mark}>
      {icon}
      <span className="visually-hidden">{text}</span>
    </span>
  );
}
