import { Menu, UnstyledButton } from '@mantine/core';
import { Activity, Clapperboard, Ellipsis, Hand, Keyboard, Mic, MicOff, MonitorUp, MonitorX, Settings2, Users, Video, VideoOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ControlButton } from '@/components/media/ControlButton';
import classes from '@/components/media/controls.module.css';
import { useLocalMedia, useMeetingState, useSession } from './sessions';

interface ControlsBarProps {
  teacher: boolean;
  peopleOpen: boolean;
  onPeople: () => void;
  onWatch: () => void;
  onDevices: () => void;
  onShortcuts: () => void;
  onStatistics: () => void;
  /** Leave and end, where the screen has room for them down here. */
  exits: ReactNode;
}

const canShareScreen = 'getDisplayMedia' in (navigator.mediaDevices ?? {});

export function ControlsBar({ teacher, peopleOpen, onPeople, onWatch, onDevices, onShortcuts, onStatistics, exits }: ControlsBarProps) {
  const { t } = useTranslation(['meeting', 'media']);
  const { meeting: session } = useSession();
  const { muted, handRaised, participants } = useMeetingState();
  const { microphone, camera, screen } = useLocalMedia();
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
        {canShareScreen && (
          <ControlButton
            label={screen ? t('media:controls.stopShare') : t('media:controls.share')}
            shortcut="S"
            icon={screen ? <MonitorX size={20} /> : <MonitorUp size={20} />}
            active={screen !== null}
            onClick={() => (screen ? session.stopScreen() : void session.shareScreen())}
          />
        )}
        <ControlButton
          label={handRaised ? t('controls.lowerHand') : t('controls.raiseHand')}
          shortcut="H"
          icon={<Hand size={20} />}
          active={handRaised}
          onClick={() => session.raiseHand(!handRaised)}
        />
        {teacher && <ControlButton label={t('controls.watch')} icon={<Clapperboard size={20} />} onClick={onWatch} />}
        <ControlButton
          label={t('controls.people')}
          icon={<Users size={20} />}
          expanded={peopleOpen}
          badge={participants.length}
          onClick={onPeople}
        />
        <Menu position="top">
          <Menu.Target>
            <UnstyledButton className={classes.button} aria-label={t('controls.more')}>
              <Ellipsis size={20} />
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Settings2 size={16} />} onClick={onDevices}>
              {t('media:controls.devices')}
            </Menu.Item>
            <Menu.Item leftSection={<Activity size={16} />} onClick={onStatistics}>
              {t('media:controls.stats')}
            </Menu.Item>
            <Menu.Item leftSection={<Keyboard size={16} />} onClick={onShortcuts}>
              {t('controls.shortcuts')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        {exits}
      </div>
    </footer>
  );
}
