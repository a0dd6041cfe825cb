import { Mic, MicOff, Video, VideoOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/components/hooks';
import { ControlButton } from '@/components/media/ControlButton';
import { FlipCameraButton } from '@/components/media/FlipCameraButton';
import { MicrophoneMeter } from '@/components/media/MicrophoneMeter';
import { StreamVideo } from '@/components/media/StreamVideo';
import { UserAvatar } from '@/components/UserAvatar';
import { useLocalMedia, useMeetingPart, useSession } from '../sessions';
import classes from './prejoin.module.css';

/** Oneself as the others will see and hear one. */
export function Preview() {
  const { t } = useTranslation(['meeting', 'media']);
  const { meeting: session } = useSession();
  const muted = useMeetingPart((stay) => stay.muted);
  const { microphone, camera } = useLocalMedia();
  const silent = muted || !microphone.track;
  return (
    <section className={classes.preview} aria-label={t('prejoin.preview')} data-mantine-color-scheme="dark">
      <Picture />
      <div className={classes.switches}>
        <ControlButton
          label={silent ? t('media:controls.unmute') : t('media:controls.mute')}
          icon={silent ? <MicOff size={20} /> : <Mic size={20} />}
          off={silent}
          busy={microphone.opening}
          onClick={() => void session.setMuted(!silent)}
        />
        <ControlButton
          label={camera.track ? t('media:controls.cameraOff') : t('media:controls.cameraOn')}
          icon={camera.track ? <Video size={20} /> : <VideoOff size={20} />}
          off={!camera.track}
          busy={camera.opening}
          onClick={() => void session.setCamera(!camera.track)}
        />
        <FlipCameraButton local={session.local} />
      </div>
      {microphone.track && <MicrophoneMeter track={microphone.track} />}
    </section>
  );
}

function Picture() {
  const { t } = useTranslation('meeting');
  const { camera } = useLocalMedia();
  const me = useMe();
  return (
    <div className={classes.picture}>
      {camera.track ? (
        <StreamVideo track={camera.track} source="camera" mirrored />
      ) : (
        <div className={classes.noPicture}>
          <UserAvatar user={me} size={88} />
          <p>{camera.opening ? t('prejoin.starting') : t('prejoin.cameraOff')}</p>
        </div>
      )}
      <span className={classes.ownName}>{me.name}</span>
    </div>
  );
}
