import { ActionIcon, Switch, Tooltip } from '@mantine/core';
import { Clapperboard, MessageSquare, MessageSquareOff, Mic, MicOff, MonitorUp, MonitorX, Repeat2, Video, VideoOff } from 'lucide-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useMeetingPart, useSession, useWatchPart } from '../sessions';
import classes from './people.module.css';
import { useAct } from './useAct';

const LOCKS = [
  { key: 'microphones_locked', name: 'microphones', open: Mic, shut: MicOff },
  { key: 'cameras_locked', name: 'cameras', open: Video, shut: VideoOff },
  { key: 'screen_locked', name: 'screen', open: MonitorUp, shut: MonitorX },
  { key: 'chat_locked', name: 'chat', open: MessageSquare, shut: MessageSquareOff },
] as const;

/** What students may use; a teacher's switches. The server stops what is locked, and the channel's next meeting begins like this. */
export function Locks() {
  const { t } = useTranslation('classroom');
  const { meeting } = useSession();
  const settings = useMeetingPart((room) => room.settings);
  const act = useAct();
  return (
    <>
      <div className={classes.locks} role="group" aria-label={t('locks.title')}>
        <span>{t('locks.title')}</span>
        <div className={classes.lockButtons}>
          {LOCKS.map(({ key, name, open, shut }) => (
            <Lock key={key} name={name} locked={settings[key]} Icon={settings[key] ? shut : open} onToggle={() => void act(meeting.changeSettings({ [key]: !settings[key] }))} />
          ))}
          <PlaybackLock />
        </div>
      </div>
      <Switch
        label={t('tools.lobby')}
        checked={settings.lobby}
        onChange={(event) => void act(meeting.changeSettings({ lobby: event.currentTarget.checked }))}
      />
      <Switch
        label={t('tools.manyScreens')}
        checked={settings.many_screens}
        onChange={(event) => void act(meeting.changeSettings({ many_screens: event.currentTarget.checked }))}
      />
    </>
  );
}

/** Whether students may leave the class's place in the video. */
function PlaybackLock() {
  const { watch } = useSession();
  const free = useWatchPart((state) => state.settings?.free_browsing === true);
  const act = useAct();
  return <Lock name="playback" locked={!free} Icon={free ? Repeat2 : Clapperboard} onToggle={() => void act(watch.setSettings({ free_browsing: !free }))} />;
}

interface LockProps {
  name: (typeof LOCKS)[number]['name'] | 'playback';
  locked: boolean;
  Icon: ComponentType<{ size: number }>;
  onToggle: () => void;
}

function Lock({ name, locked, Icon, onToggle }: LockProps) {
  const { t } = useTranslation('classroom');
  return (
    <Tooltip label={t(locked ? `locks.${name}Shut` : `locks.${name}Open`)}>
      <ActionIcon
        size={44}
        variant="default"
        className={classes.lock}
        aria-label={t(`locks.${name}`)}
        aria-pressed={!locked}
        onClick={onToggle}
      >
        <Icon size={18} />
      </ActionIcon>
    </Tooltip>
  );
}
