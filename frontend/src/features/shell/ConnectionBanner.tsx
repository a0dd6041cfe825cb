import { useDebouncedValue } from '@mantine/hooks';
import { CloudOff, LoaderCircle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import classes from './ConnectionBanner.module.css';
import { useConnection } from './useConnection';

/** Says when nothing new arrives, and that nothing is lost by it. A short blip is not worth a word. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const connection = useConnection();
  const online = connection !== 'offline';
  const lost = connection === 'reconnecting';
  const [longLost] = useDebouncedValue(lost, 1500);
  const text = !online ? t('connection.offline') : lost && longLost ? t('connection.reconnecting') : null;
  return (
    <div role="status" className={classes.live}>
      {text && (
        <div className={classes.banner}>
          {online ? <LoaderCircle size={16} aria-hidden="true" className={classes.spin} /> : <CloudOff size={16} aria-hidden="true" />}
          {text}
        </div>
      )}
    </div>
  );
}
