import { Button } from '@mantine/core';
import { TriangleAlert, VideoOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import classes from './room.module.css';
import { useLocalMedia, useMeetingPart, useSession } from './sessions';

/** What is wrong with one's own connection, if anything, the worst first. */
export function ConnectionState() {
  const { t } = useTranslation(['meeting', 'media']);
  const phase = useMeetingPart((room) => room.phase);
  const interrupted = useMeetingPart((room) => room.interrupted);
  const restarting = useMeetingPart((room) => room.restarting);
  const own = useMeetingPart(({ me, quality }) => (me === null ? undefined : quality[me]));
  if (phase === 'reconnecting' || interrupted || restarting) {
    const what = restarting ? 'room.restarting' : phase === 'reconnecting' ? 'room.reconnectingSelf' : 'room.interrupted';
    return (
      <p className={classes.banner} role="alert">
        {t(what)}
      </p>
    );
  }
  return own === 'poor' || own === 'lost' ? <WeakConnection /> : null;
}

function WeakConnection() {
  const { t } = useTranslation(['meeting', 'media']);
  const { meeting: session } = useSession();
  const { camera } = useLocalMedia();
  return (
    <div className={classes.hint} role="status">
      <p>
        <TriangleAlert size={16} aria-hidden />
        {t('room.weak')}
      </p>
      {camera.track && (
        <Button variant="default" size="compact-sm" leftSection={<VideoOff size={14} />} onClick={() => void session.setCamera(false)}>
          {t('media:controls.cameraOff')}
        </Button>
      )}
    </div>
  );
}
