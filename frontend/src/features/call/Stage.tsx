import { Button, FocusTrap } from '@mantine/core';
import { MicOff, Minimize2, MonitorUp, Phone } from 'lucide-react';
import { lazy, Suspense, useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ControlButton } from '@/components/media/ControlButton';
import night from '@/components/media/night.module.css';
import { QualityBars } from '@/components/media/QualityBars';
import { StreamVideo } from '@/components/media/StreamVideo';
import { useFullscreen } from '@/components/useFullscreen';
import { UserAvatar } from '@/components/UserAvatar';
import { isEntered } from '@/media/callMachine';
import { CodeButton } from './CodeButton';
import { useCall, useCallDevices, useCalls, useCallSession, usePeerName } from './context';
import { Controls, type Panel } from './Controls';
import { DeviceDialog } from './DeviceDialog';
import { DialPad } from './DialPad';
import { endWords } from './endWords';
import { FilesPanel } from './FilesPanel';
import { SelfView } from './SelfView';
import classes from './stage.module.css';
import { StatusLine } from './StatusLine';
import { useCallKeys } from './useCallKeys';
import { PIP_VIDEO, type PictureInPicture } from './usePictureInPicture';

const CallStatistics = lazy(() => import('./CallStatistics'));

/** The call, full screen: both pictures, both screens, and everything that one can do. */
export function Stage({ onMinimise, pip }: { onMinimise: () => void; pip: PictureInPicture }) {
  const { t } = useTranslation('call');
  const session = useCallSession();
  const { phase, quality } = useCall();
  const name = usePeerName();
  const stage = useRef<HTMLElement>(null);
  const fullscreen = useFullscreen(stage);
  const [panel, setPanel] = useState<Panel>(null);
  const [devices, setDevices] = useState(false);
  const toggle = useCallback((wanted: Panel) => setPanel((shown) => (shown === wanted ? null : wanted)), []);
  const close = useCallback(() => setPanel(null), []);
  const onStatistics = useCallback(() => toggle('statistics'), [toggle]);
  useCallKeys(session, onStatistics);
  const entered = isEntered(phase);
  return (
    <FocusTrap active={!pip.on}>
      <section
        ref={stage}
        className={`${classes.stage} ${night.night}`}
        data-mantine-color-scheme="dark"
        role="dialog"
        aria-label={t('stage.label', { name })}
      >
        <header className={classes.head}>
          <div className={classes.title} tabIndex={-1} data-autofocus>
            <h2>{name}</h2>
            <p className={classes.status} role="status">
              <StatusLine />
            </p>
          </div>
          {phase === 'active' && <QualityBars quality={quality} />}
          {entered && <CodeButton />}
          <ControlButton label={t('stage.minimise')} icon={<Minimize2 size={19} aria-hidden />} onClick={onMinimise} />
        </header>
        <div className={classes.body} data-panel={panel !== null || undefined}>
          <div className={classes.pictures}>{phase === 'ended' ? <Ended /> : <Pictures />}</div>
          {panel === 'files' && <FilesPanel onClose={close} />}
        </div>
        {phase !== 'ended' && (
          <Controls panel={panel} onPanel={toggle} onDevices={() => setDevices(true)} fullscreen={fullscreen} pip={pip} />
        )}
        {panel === 'statistics' && (
          <Suspense>
            <CallStatistics onClose={close} />
          </Suspense>
        )}
        {panel === 'dial' && <DialPad onClose={close} />}
        <DeviceDialog opened={devices} onClose={() => setDevices(false)} />
      </section>
    </FocusTrap>
  );
}

function Pictures() {
  const { t } = useTranslation('call');
  const { user, remote, state, phase } = useCall();
  const { microphone, screen } = useCallDevices();
  const name = usePeerName();
  const showsScreen = state.sharing && remote !== null;
  const showsFace = state.video_on && remote !== null;
  return (
    <div className={classes.remote} data-pip={PIP_VIDEO} data-screen={showsScreen || undefined} data-calm={phase === 'reconnecting' || undefined}>
      {showsScreen && (
        <div className={classes.screen} data-participant-id={user.id} role="group" aria-label={t('stage.screenOf', { name })}>
          <StreamVideo track={remote.screen} source="screen" />
        </div>
      )}
      <div className={classes.face} data-participant-id={user.id}>
        {showsFace ? <StreamVideo track={remote.camera} source="camera" /> : <UserAvatar user={user} size={showsScreen ? 56 : 128} />}
        {state.muted && isEntered(phase) && (
          <span className={classes.mark}>
            <MicOff size={15} aria-hidden /> {t('stage.muted', { name })}
          </span>
        )}
      </div>
      {screen && (
        <p className={classes.sharing} role="status">
          <MonitorUp size={16} aria-hidden />
          {t('stage.sharing')} ({t(screen.audio ? 'stage.sharingSound' : 'stage.sharingSilent')})
        </p>
      )}
      {microphone.problem && <p className={classes.silent}>{t('stage.listenOnly')}</p>}
      <SelfView />
    </div>
  );
}

function Ended() {
  const { t } = useTranslation('call');
  const calls = useCalls();
  const snapshot = useCall();
  const name = usePeerName();
  const { user, media, end } = snapshot;
  const again = end !== 'moved' && end !== 'elsewhere' && !user.deleted;
  return (
    <div className={classes.ended} role="alert">
      <UserAvatar user={user} size={96} />
      <p className={classes.endWords}>{endWords(t, snapshot, name)}</p>
      <div className={classes.endActions}>
        {again && (
          <Button
            leftSection={<Phone size={16} aria-hidden />}
            onClick={() => {
              calls?.dismiss();
              calls?.call(user, media);
            }}
          >
            {t('end.again')}
          </Button>
        )}
        <Button variant="default" onClick={() => calls?.dismiss()}>
          {t('end.close')}
        </Button>
      </div>
    </div>
  );
}
