import { Menu, UnstyledButton } from '@mantine/core';
import { Activity, Boxes, Captions, ChartColumn, Clapperboard, Ellipsis, Hand, Keyboard, Link2, MessageSquare, Mic, MicOff, MonitorUp, MonitorX, Settings2, SwitchCamera, Users, Video, VideoOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ControlButton } from '@/components/media/ControlButton';
import classes from '@/components/media/controls.module.css';
import { FlipCameraButton } from '@/components/media/FlipCameraButton';
import { useChatUnread } from './chat/useChatUnread';
import { ReactionsButton } from './reactions/ReactionsButton';
import { useLocalMedia, useMeetingPart, useSession } from './sessions';
import type { RoomActions, Side } from './useRoomUi';
import { useCopyLink } from './useCopyLink';
import { ViewItems } from './ViewMenu';

interface ControlsBarProps {
  channelId: string;
  teacher: boolean;
  /** A phone: what is not needed all the time goes into the menu. */
  narrow: boolean;
  side: Side | null;
  actions: RoomActions;
  onShare: () => void;
  /** Leave and end, where the screen has room for them down here. */
  exits: ReactNode;
}

const canShareScreen = 'getDisplayMedia' in (navigator.mediaDevices ?? {});

export function ControlsBar({ channelId, teacher, narrow, side, actions, onShare, exits }: ControlsBarProps) {
  const { t } = useTranslation(['meeting', 'media']);
  const { meeting: session } = useSession();
  const handRaised = useMeetingPart((room) => room.handRaised);
  const people = useMeetingPart((room) => room.participants.length);
  const unread = useChatUnread(channelId, side === 'chat');
  const panel = (name: Side, icon: ReactNode, badge?: number) => (
    <ControlButton
      label={t(`sides.${name}`)}
      icon={icon}
      expanded={side === name}
      onClick={() => actions.toggleSide(name)}
      {...(badge === undefined ? {} : { badge, news: name === 'chat' })}
    />
  );
  return (
    <footer>
      <div className={classes.bar} role="toolbar" aria-label={t('controls.label')}>
        <div className={classes.group}>
          <Devices narrow={narrow} />
        </div>
        <div className={classes.group}>
          {!narrow && canShareScreen && <ShareButton onShare={onShare} />}
          <ControlButton
            label={handRaised ? t('controls.lowerHand') : t('controls.raiseHand')}
            shortcut="H"
            icon={<Hand size={20} />}
            active={handRaised}
            onClick={() => session.raiseHand(!handRaised)}
          />
          <ReactionsButton />
        </div>
        <div className={classes.group}>
          {teacher && !narrow && <ControlButton label={t('controls.watch')} icon={<Clapperboard size={20} />} onClick={() => actions.openDialog('watch')} />}
          {teacher && !narrow && panel('groups', <Boxes size={20} />)}
          {!narrow && panel('polls', <ChartColumn size={20} />)}
          {panel('chat', <MessageSquare size={20} />, unread)}
          {panel('people', <Users size={20} />, people)}
          <MoreMenu {...{ teacher, narrow, actions, onShare }} />
        </div>
        {exits}
      </div>
    </footer>
  );
}

function Devices({ narrow }: Pick<ControlsBarProps, 'narrow'>) {
  const { t } = useTranslation('media');
  const { meeting: session } = useSession();
  const muted = useMeetingPart((room) => room.muted);
  const { microphone, camera } = useLocalMedia();
  const silent = muted || !microphone.track;
  return (
    <>
      <ControlButton
        label={silent ? t('controls.unmute') : t('controls.mute')}
        shortcut="M"
        icon={silent ? <MicOff size={20} /> : <Mic size={20} />}
        off={silent}
        busy={microphone.opening}
        onClick={() => void session.setMuted(!silent)}
      />
      <ControlButton
        label={camera.track ? t('controls.cameraOff') : t('controls.cameraOn')}
        shortcut="V"
        icon={camera.track ? <Video size={20} /> : <VideoOff size={20} />}
        off={!camera.track}
        busy={camera.opening}
        onClick={() => void session.setCamera(!camera.track)}
      />
      {!narrow && <FlipCameraButton local={session.local} />}
    </>
  );
}

function ShareButton({ onShare }: Pick<ControlsBarProps, 'onShare'>) {
  const { t } = useTranslation('media');
  const { screen } = useLocalMedia();
  return (
    <ControlButton
      label={screen ? t('controls.stopShare') : t('controls.share')}
      shortcut="S"
      icon={screen ? <MonitorX size={20} /> : <MonitorUp size={20} />}
      active={screen !== null}
      onClick={onShare}
    />
  );
}

function MoreMenu({ teacher, narrow, actions, onShare }: Pick<ControlsBarProps, 'teacher' | 'narrow' | 'actions' | 'onShare'>) {
  const { t } = useTranslation(['meeting', 'media', 'groups']);
  const copyLink = useCopyLink();
  return (
    <Menu position="top">
      <Menu.Target>
        <UnstyledButton className={classes.button} aria-label={t('controls.more')}>
          <Ellipsis size={20} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {narrow && <NarrowItems {...{ teacher, actions, onShare }} />}
        <Menu.Item leftSection={<Settings2 size={16} />} onClick={() => actions.openDialog('devices')}>
          {t('media:controls.devices')}
        </Menu.Item>
        <Menu.Item leftSection={<Captions size={16} />} onClick={() => actions.openDialog('captions')}>
          {t('groups:captions.menu')}
        </Menu.Item>
        {copyLink && (
          <Menu.Item leftSection={<Link2 size={16} />} onClick={() => void copyLink()}>
            {t('link.copy')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<Activity size={16} />} onClick={actions.toggleStatistics}>
          {t('media:controls.stats')}
        </Menu.Item>
        <Menu.Item leftSection={<Keyboard size={16} />} onClick={() => actions.openDialog('shortcuts')}>
          {t('controls.shortcuts')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** What a phone's bar has no room for. */
function NarrowItems({ teacher, actions, onShare }: Pick<ControlsBarProps, 'teacher' | 'actions' | 'onShare'>) {
  const { t } = useTranslation(['meeting', 'media']);
  const { meeting: session } = useSession();
  const { screen, camera } = useLocalMedia();
  return (
    <>
      {camera.facing && (
        <Menu.Item leftSection={<SwitchCamera size={16} />} disabled={camera.opening} onClick={() => void session.local.flipCamera()}>
          {t('media:device.flip')}
        </Menu.Item>
      )}
      {canShareScreen && (
        <Menu.Item leftSection={<MonitorUp size={16} />} onClick={onShare}>
          {screen ? t('media:controls.stopShare') : t('media:controls.share')}
        </Menu.Item>
      )}
      {teacher && (
        <Menu.Item leftSection={<Clapperboard size={16} />} onClick={() => actions.openDialog('watch')}>
          {t('controls.watch')}
        </Menu.Item>
      )}
      {teacher && (
        <Menu.Item leftSection={<Boxes size={16} />} onClick={() => actions.openSide('groups')}>
          {t('sides.groups')}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<ChartColumn size={16} />} onClick={() => actions.openSide('polls')}>
        {t('sides.polls')}
      </Menu.Item>
      <Menu.Divider />
      <ViewItems />
      <Menu.Divider />
    </>
  );
}
