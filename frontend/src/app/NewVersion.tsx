import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import type { ToPage, ToWorker } from '@/api/workerMessages';
import { useCallsState } from '@/features/call';
import classes from './NewVersion.module.css';

/** How often an open page asks for a newer version, in milliseconds. */
const ASK_EVERY_MS = 3_600_000;

/**
 * The service worker as the page sees it: it keeps the app for times without a connection, opens what a notification was
 * about, and brings new versions. A new version waits for a click, and is not even mentioned in a call, in a meeting or while
 * something is being written.
 */
export function NewVersion() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const calls = useCallsState();
  const waiting = useWaitingWorker();
  const writing = useWriting(waiting !== null);

  useEffect(() => {
    const worker = 'serviceWorker' in navigator ? navigator.serviceWorker : null;
    const hear = ({ data }: MessageEvent<ToPage>) => {
      if (data.kind === 'open') void navigate(data.url);
    };
    worker?.addEventListener('message', hear);
    return () => worker?.removeEventListener('message', hear);
  }, [navigate]);

  const busy = /^\/(embed\/)?meeting\//.test(pathname) || calls.current !== null || calls.ringing.length > 0 || writing;
  if (!waiting || busy) return null;

  const update = () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    waiting.postMessage({ kind: 'activate' } satisfies ToWorker);
  };
  return (
    <div className={classes.note} role="status">
      {t('newVersion.text')}
      <Button size="compact-sm" onClick={update}>
        {t('reload')}
      </Button>
    </div>
  );
}

/** Registers the worker once the page has settled. Answers the one of a newer version that waits, if there is one. */
function useWaitingWorker(): ServiceWorker | null {
  const [waiting, setWaiting] = useState<ServiceWorker | null>(null);
  useEffect(() => {
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    let timer: ReturnType<typeof setInterval> | undefined;
    let gone = false;
    const register = async () => {
      const registration = await navigator.serviceWorker.register('/worker.js').catch(() => null); // no storage, or no secure origin
      if (!registration || gone) return;
      const look = () => setWaiting(navigator.serviceWorker.controller ? registration.waiting : null);
      look();
      registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
      timer = setInterval(() => void registration.update().catch(() => undefined), ASK_EVERY_MS);
    };
    const start = () => void register();
    if (document.readyState === 'complete') start();
    else window.addEventListener('load', start, { once: true });
    return () => {
      gone = true;
      clearInterval(timer);
      window.removeEventListener('load', start);
    };
  }, []);
  return waiting;
}

/** Whether some field has words in it; looked at only while that matters. */
function useWriting(matters: boolean): boolean {
  const [writing, setWriting] = useState(false);
  useEffect(() => {
    if (!matters) return;
    const look = () => setWriting([...document.querySelectorAll('textarea')].some((field) => field.value !== ''));
    look();
    const timer = setInterval(look, 2000);
    document.addEventListener('input', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('input', look);
    };
  }, [matters]);
  return writing;
}
