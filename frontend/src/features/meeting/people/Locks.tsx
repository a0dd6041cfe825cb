import { ActionIcon, Tooltip } from '@mantine/core';
import { Mic, MicOff, MonitorUp, MonitorX, Video, VideoOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import classes from './people.module.css';
import { useMeetingState, useSession } from '../sessions';

const LOCKS = [
  { key: 'microphones_locked', name: 'microphones', open: Mic, shut: MicOff },
  { key: 'cameras_locked', name: 'cameras', open: Video, shut: VideoOff },
  { key: 'screen_locked', name: 'screen', open: MonitorUp, shut: MonitorX },
] as const;

/** What students may use; a teacher's switches. The server stops what is locked. */
export function Locks({ onFailed }: { onFailed: () => void }) {
  const { t } = useTranslation('meeting');
  const { meeting: session } = useSession();
  const { settings } = useMeetingState();
  return (
    <div className={classes.locks} role="group" aria-label={t('locks.title')}>
      <span>{t('locks.title')}</span>
      {LOCKS.map(({ key, name, open: Open, shut: Shut }) => (
        <Tooltip key={key} label={t(settings[key] ? `locks.${name}Shut` : `locks.${name}Open`)}>
          <ActionIcon
            variant={settings[key] ? 'light' : 'default'}
            color={settings[key] ? 'red' : undefined}
            size="lg"
            aria-label={t(`locks.${name}`)}
            aria-pressed={!settings[key]}
            onClick={() => void session.changeSettings({ [key]: !settings[key] }).catch(onFailed)}
          >
            {settings[key] ? <Shut size={17} /> : <Open size={17} />}
          </ActionIcon>
        </Tooltip>
      ))}
    </div>
  );
}
