import { Button } from '@mantine/core';
import { MonitorUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import classes from './room.module.css';
import { useLocalMedia, useSession } from './sessions';

/** One's own screen is named, not shown: it would show itself in itself without end, and the class needs the place. */
export function SharingBar() {
  const { t } = useTranslation(['meeting', 'media']);
  const { meeting } = useSession();
  const { screen } = useLocalMedia();
  if (!screen) return null;
  return (
    <div className={classes.sharing} role="status">
      <MonitorUp size={18} aria-hidden />
      <span>
        {t('room.sharing')} ({screen.audio ? t('room.sharingSound') : t('room.sharingSilent')})
      </span>
      <Button size="compact-md" variant="default" onClick={() => meeting.stopScreen()}>
        {t('media:controls.stopShare')}
      </Button>
    </div>
  );
}
