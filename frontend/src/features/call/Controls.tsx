import { Menu, UnstyledButton } from '@mantine/core';
import { Activity, Ellipsis, Grip, Maximize, Mic, MicOff, Minimize, MonitorUp, MonitorX, Paperclip, PhoneOff, PictureInPicture2, Settings2, Video, VideoOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ControlButton } from '@/components/media/ControlButton';
import classes from '@/components/media/controls.module.css';
import type { Switchable } from '@/components/useFullscreen';
import { isEntered } from '@/media/callMachine';
import { useCall, useCallDevices, useCallSession } from './context';
import { useTransfers } from './useTransfers';

const canShareScreen = 'getDisplayMedia' in (navigator.mediaDevices ?? {});

/** What stands beside the picture. */
export type Panel = 'files' | 'statistics' | 'dial' | null;

interface ControlsProps {
  panel: Panel;
  onPanel: (panel: Panel) => void;
  onDevices: () => void;
  fullscreen: Switchable;
  pip: Switchable;
}

export function Controls({ panel, onPanel, onDevices, fullscreen, pip }: ControlsProps) {
  const { t } = useTranslation(['call', 'media']);
  const session = useCallSession();
  const { phase, muted } = useCall();
  const { microphone, camera, screen } = useCallDevices();
  const { waiting } = useTransfers();
  const entered = isEntered(phase);
  const silent = muted || !microphone.track;
  return (
    <footer>
      <div className={classes.bar} role="toolbar" aria-label={t('controls.label')}>
        <ControlButton
          label={silent ? t('media:controls.unmute') : t('media:controls.mute')}
          shortcut="M"
          icon={silent ? <MicOff size={20} /> : <Mic size={20} />}
          off={silent}
          busy={microphone.opening}
          onClick={() => void session.setMuted(!silent)}
        />
        <ControlButton
          label={camera.track ? t('media:controls.cameraOff') : t('media:controls.cameraOn')}
          shortcut="V"
          icon={camera.track ? <Video size={20} /> : <VideoOff size={20} />}
          off={!camera.track}
          busy={camera.opening}
          onClick={() => void session.setCamera(!camera.track)}
        />
        {entered && canShareScreen && (
          <ControlButton
            label={screen ? t('media:controls.stopShare') : t('media:controls.share')}
            shortcut="S"
            icon={screen ? <MonitorX size={20} /> : <MonitorUp size={20} />}
            active={screen !== null}
            onClick={() => (screen ? session.stopScreen() : void session.shareScreen())}
          />
        )}
        {entered && (
          <ControlButton label={t('controls.files')} icon={<Paperclip size={20} />} expanded={panel === 'files'} badge={waiting} onClick={() => onPanel('files')} />
        )}
        <Menu position="top" withinPortal={false}>
          <Menu.Target>
            <UnstyledButton className={classes.button} aria-label={t('controls.more')}>
              <Ellipsis size={20} />
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Settings2 size={16} />} onClick={onDevices}>
              {t('media:controls.devices')}
            </Menu.Item>
            {pip.possible && (
              <Menu.Item leftSection={<PictureInPicture2 size={16} />} onClick={pip.toggle}>
                {t(pip.on ? 'controls.pipEnd' : 'controls.pip')}
              </Menu.Item>
            )}
            {fullscreen.possible && (
              <Menu.Item leftSection={fullscreen.on ? <Minimize size={16} /> : <Maximize size={16} />} onClick={fullscreen.toggle}>
                {t(fullscreen.on ? 'controls.fullscreenEnd' : 'controls.fullscreen')}
              </Menu.Item>
            )}
            {entered && (
              <Menu.Item leftSection={<Activity size={16} />} onClick={() => onPanel('statistics')}>
                {t('media:controls.stats')}
              </Menu.Item>
            )}
            {entered && session.takesTones && (
              <Menu.Item leftSection={<Grip size={16} />} onClick={() => onPanel('dial')}>
                {t('controls.dialPad')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
        <ControlButton
          label={t(phase === 'outgoing' ? 'controls.cancel' : 'controls.hangup')}
          icon={<PhoneOff size={20} />}
          tone="danger"
          onClick={() => session.hangup()}
        />
      </div>
    </footer>
  );
}
