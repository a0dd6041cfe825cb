import { Button, Stack } from '@mantine/core';
import { ArrowLeft, Mic, MicOff, Video, VideoOff } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Meeting } from '@/api/wire.gen';
import { useMe } from '@/components/hooks';
import { UserAvatar } from '@/components/UserAvatar';
import { ControlButton } from '@/components/media/ControlButton';
import { DeviceProblemNote } from '@/components/media/DeviceProblemNote';
import { DeviceSelects } from '@/components/media/DeviceSelects';
import { MicrophoneMeter } from '@/components/media/MicrophoneMeter';
import classes from './prejoin.module.css';
import { useLocalMedia, useMeetingState, useSession } from '../sessions';
import { StreamVideo } from '@/components/media/StreamVideo';

interface PreJoinProps {
  meeting: Meeting;
  channelName: string;
}

/** The device check: nobody sees or hears anybody before "Join now". */
export function PreJoin({ meeting, channelName }: PreJoinProps) {
  const { t } = useTranslation(['meeting', 'media']);
  const { meeting: session } = useSession();
  const { phase, muted } = useMeetingState();
  const { microphone, camera } = useLocalMedia();
  const joining = phase === 'joining';
  const silent = muted || !microphone.track;

  useEffect(() => {
    if (session.snapshot().phase === 'preview') void session.local.openAll();
  }, [session]);

  return (
    <main className={classes.page}>
      <Link className={classes.back} to={`/channels/${meeting.channel_id}`}>
        <ArrowLeft size={18} aria-hidden />
        {t('backToChannel')}
      </Link>
      <div className={classes.columns}>
        <section className={classes.preview} aria-label={t('prejoin.preview')} data-mantine-color-scheme="dark">
          <PreviewPicture />
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
          </div>
          {microphone.track && <MicrophoneMeter track={microphone.track} />}
        </section>
        <Stack gap="md" className={classes.side}>
          <div>
            <p className={classes.kicker}>{channelName}</p>
            <h1 className={classes.title}>{t('prejoin.title')}</h1>
            <p className={classes.count}>
              {meeting.participant_count > 0 ? t('people', { count: meeting.participant_count }) : t('nobodyYet')}
            </p>
          </div>
          <DeviceProblemNote local={session.local} kind="microphone" />
          <DeviceProblemNote local={session.local} kind="camera" />
          {(microphone.problem || camera.problem) && <p className={classes.hint}>{t('prejoin.listenOnly')}</p>}
          <DeviceSelects local={session.local} />
          <Button size="md" loading={joining} onClick={() => session.join()} data-autofocus>
            {joining ? t('prejoin.joining') : t('prejoin.join')}
          </Button>
          <p className={classes.hint}>{t('prejoin.hint')}</p>
        </Stack>
      </div>
    </main>
  );
}

function PreviewPicture() {
  const { t } = useTranslation(['meeting', 'media']);
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
