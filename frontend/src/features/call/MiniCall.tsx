import { ActionIcon } from '@mantine/core';
import { Maximize2, Mic, MicOff, PhoneOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import night from '@/components/media/night.module.css';
import { StreamVideo } from '@/components/media/StreamVideo';
import { UserAvatar } from '@/components/UserAvatar';
import { useCall, useCallDevices, useCallSession, usePeerName } from './context';
import classes from './mini.module.css';
import { StatusLine } from './StatusLine';

interface MiniCallProps {
  onExpand: () => void;
  /** It fills a window of its own. */
  framed?: boolean;
}

/** The call in small, while one looks at something else. */
export function MiniCall({ onExpand, framed }: MiniCallProps) {
  const { t } = useTranslation(['call', 'media']);
  const session = useCallSession();
  const { user, remote, state, muted, phase } = useCall();
  const { microphone } = useCallDevices();
  const name = usePeerName();
  const silent = muted || !microphone.track;
  const picture = remote && (state.sharing ? remote.screen : state.video_on ? remote.camera : null);
  return (
    <section
      className={`${classes.mini} ${night.night}`}
      data-mantine-color-scheme="dark"
      data-framed={framed || undefined}
      data-participant-id={framed ? undefined : user.id}
      aria-label={t('stage.label', { name })}
    >
      <div className={classes.picture}>
        {picture ? <StreamVideo track={picture} source={state.sharing ? 'screen' : 'camera'} /> : <UserAvatar user={user} size={64} />}
      </div>
      <div className={classes.row}>
        <div className={classes.words}>
          <div className={classes.name}>{name}</div>
          <div className={classes.status}>
            <StatusLine />
          </div>
        </div>
        <ActionIcon variant="subtle" color="gray" size={40} aria-label={silent ? t('media:controls.unmute') : t('media:controls.mute')} onClick={() => void session.setMuted(!silent)}>
          {silent ? <MicOff size={18} /> : <Mic size={18} />}
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" size={40} aria-label={t('stage.expand')} onClick={onExpand}>
          <Maximize2 size={18} />
        </ActionIcon>
        <ActionIcon className={classes.hangup} size={40} aria-label={t(phase === 'outgoing' ? 'controls.cancel' : 'controls.hangup')} onClick={() => session.hangup()}>
          <PhoneOff size={18} />
        </ActionIcon>
      </div>
    </section>
  );
}
