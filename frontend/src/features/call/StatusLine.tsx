import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '@/components/clockTime';
import { useSocketState } from '@/realtime';
import { useCall, usePeerName } from './context';

/** How the call stands, in words or as its length. */
export function StatusLine() {
  const { t } = useTranslation('call');
  const { phase, call, waiting, offline, since } = useCall();
  const name = usePeerName();
  const socket = useSocketState();
  switch (phase) {
    case 'outgoing':
      if (!call) return <>{t('phase.inviting')}</>;
      if (waiting) return <>{t('phase.waiting', { name })}</>;
      return <>{offline ? t('phase.offline', { name }) : t('phase.outgoing')}</>;
    case 'connecting':
      return <>{t('phase.connecting')}</>;
    case 'reconnecting':
      return <>{t('phase.reconnecting')}</>;
    case 'active':
      if (socket === 'reconnecting') return <>{t('phase.reconnectingServer')}</>;
      return since === null ? null : <Length since={since} />;
    default:
      return null;
  }
}

function Length({ since }: { since: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span role="timer" aria-live="off">
      {clockTime((now - since) / 1000)}
    </span>
  );
}
