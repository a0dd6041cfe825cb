import { Button } from '@mantine/core';
import { Volume2 } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { Sound } from '@/components/media/Sound';
import { useTalkingWhileMuted } from '@/components/media/useTalkingWhileMuted';
import { rememberedDevice } from '@/media/devices';
import { isEntered } from '@/media/callMachine';
import { useCall, useCallDevices, useCalls, useCallSession } from './context';
import { MiniCall } from './MiniCall';
import { Stage } from './Stage';
import { usePictureInPicture } from './usePictureInPicture';
import { useRing } from './useRing';
import classes from './stage.module.css';

/** An end that needs no explanation goes by itself. */
const DISMISS_MS = { quick: 1_200, read: 8_000 };

/** The call of this window: full screen, small beside another page, or in a window of its own. */
export function CallView() {
  const calls = useCalls();
  const session = useCallSession();
  const { phase, end, call, offline, waiting, muted } = useCall();
  const { microphone } = useCallDevices();
  const [small, setSmall] = useState(false);
  const pip = usePictureInPicture();
  useRing(phase === 'outgoing' && call && !offline && !waiting ? 'outgoing' : null);
  useTalkingWhileMuted(
    muted && isEntered(phase),
    microphone.track,
    useCallback(() => void session.setMuted(false), [session]),
  );
  useWakeLock(isEntered(phase));

  useEffect(() => {
    if (phase !== 'ended') return;
    const own = end === 'hangup' || end === 'cancelled' || end === 'moved' || end === 'elsewhere';
    const timer = setTimeout(() => calls?.dismiss(), own ? DISMISS_MS.quick : DISMISS_MS.read);
    return () => clearTimeout(timer);
  }, [phase, end, calls]);

  return (
    <>
      {small && phase !== 'ended' ? <MiniCall onExpand={() => setSmall(false)} /> : <Stage onMinimise={() => setSmall(true)} pip={pip} />}
      {pip.window && createPortal(<MiniCall framed onExpand={pip.toggle} />, pip.window.document.body)}
      <Sounds />
    </>
  );
}

/** The other side's voice and the sound of their screen. */
function Sounds() {
  const { t } = useTranslation('media');
  const { remote, user } = useCall();
  useCallDevices(); // a speaker that is chosen changes them
  const [blocked, setBlocked] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const onBlocked = useCallback(() => setBlocked(true), []);
  if (!remote) return null;
  const speaker = rememberedDevice('speaker') ?? '';
  return (
    <>
      {(['microphone', 'screen_audio'] as const).map((source) => (
        <Sound key={source} source={source} ownerId={user.id} track={remote[source]} {...{ speaker, attempt, onBlocked }} />
      ))}
      {blocked && (
        <div className={classes.blocked} role="alert">
          <span>{t('soundBlocked')}</span>
          <Button
            size="compact-md"
            leftSection={<Volume2 size={16} />}
            onClick={() => {
              setBlocked(false);
              setAttempt((n) => n + 1);
            }}
          >
            {t('turnOnSound')}
          </Button>
        </div>
      )}
    </>
  );
}

/** Keeps the screen of a phone on. */
function useWakeLock(inCall: boolean): void {
  useEffect(() => {
    if (!inCall) return;
    let lock: WakeLockSentinel | null = null;
    let over = false;
    const hold = () => {
      if (document.visibilityState !== 'visible') return;
      navigator.wakeLock?.request('screen').then(
        (held) => {
          if (over) void held.release();
          else lock = held;
        },
        () => undefined, // an empty battery may forbid it
      );
    };
    hold();
    document.addEventListener('visibilitychange', hold);
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', hold);
      void lock?.release();
    };
  }, [inCall]);
}
