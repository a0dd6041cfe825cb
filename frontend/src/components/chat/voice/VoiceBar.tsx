import { ActionIcon, Button } from '@mantine/core';
import { SendHorizontal, Square, Trash2 } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DeviceProblem, deviceError } from '@/media/devices';
import { clockTime } from '../../clockTime';
import { MAX_SECONDS, VoiceRecording } from './recorder';
import classes from './voice.module.css';
import { VoicePlayer } from './VoicePlayer';

const BARS = 40;

interface VoiceBarProps {
  onSend: (note: File) => void;
  onClose: () => void;
}

type State = { name: 'asking' } | { name: 'recording'; recording: VoiceRecording } | { name: 'heard'; note: File } | { name: 'problem'; problem: DeviceProblem };

/** In the composer's place while one speaks: record, listen, send or throw away. Escape throws away. */
export function VoiceBar({ onSend, onClose }: VoiceBarProps) {
  const { t } = useTranslation(['chat', 'common']);
  const [state, setState] = useState<State>({ name: 'asking' });
  const [levels, setLevels] = useState<number[]>([]);
  const [attempt, setAttempt] = useState(0);
  const bar = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let recording: VoiceRecording | null = null;
    let gone = false;
    setState({ name: 'asking' });
    VoiceRecording.start((level) => setLevels((before) => [...before.slice(1 - BARS), level])).then(
      (begun) => {
        if (gone) return begun.cancel();
        recording = begun;
        setState({ name: 'recording', recording: begun });
      },
      (error: unknown) => !gone && setState({ name: 'problem', problem: deviceError(error).problem }),
    );
    return () => {
      gone = true;
      recording?.cancel();
    };
  }, [attempt]);

  useEffect(() => bar.current?.focus(), []);

  const stop = async (recording: VoiceRecording, then: (note: File) => void) => then(await recording.stop());
  const listen = (note: File) => setState({ name: 'heard', note });
  const full = state.name === 'recording' && state.recording.seconds >= MAX_SECONDS;
  useEffect(() => {
    if (full && state.name === 'recording') void stop(state.recording, listen);
  }, [full, state]);

  return (
    <div
      ref={bar}
      tabIndex={-1}
      className={classes.bar}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <ActionIcon variant="subtle" color="gray" size={36} onClick={onClose} aria-label={t('voice.cancel')} title={t('voice.cancel')}>
        <Trash2 size={18} aria-hidden="true" />
      </ActionIcon>
      {state.name === 'asking' && <span className={classes.words}>{t('common:loading')}</span>}
      {state.name === 'problem' && (
        <>
          <span className={classes.words} role="alert">
            {t(`voice.problem.${state.problem}`)}
          </span>
          <Button size="compact-sm" variant="default" onClick={() => setAttempt(attempt + 1)}>
            {t('common:retry')}
          </Button>
        </>
      )}
      {state.name === 'recording' && (
        <>
          <span className={classes.red} aria-hidden="true" />
          <span className={classes.time} role="timer" aria-label={t('voice.recording')}>
            {clockTime(state.recording.seconds)}
          </span>
          <Levels levels={levels} />
          <ActionIcon variant="light" color="red" size={36} onClick={() => void stop(state.recording, listen)} aria-label={t('voice.stop')} title={t('voice.stop')}>
            <Square size={15} fill="currentColor" aria-hidden="true" />
          </ActionIcon>
          <Send onClick={() => void stop(state.recording, onSend)} />
        </>
      )}
      {state.name === 'heard' && (
        <>
          <Heard note={state.note} />
          <Send onClick={() => onSend(state.note)} />
        </>
      )}
    </div>
  );
}

function Send({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation('chat');
  return (
    <ActionIcon size={36} onClick={onClick} aria-label={t('voice.send')} title={t('voice.send')}>
      <SendHorizontal size={18} aria-hidden="true" />
    </ActionIcon>
  );
}

function Heard({ note }: { note: File }) {
  const url = useMemo(() => URL.createObjectURL(note), [note]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return <VoicePlayer src={url} />;
}

function Levels({ levels }: { levels: number[] }) {
  const { t } = useTranslation('chat');
  const now = levels.at(-1) ?? 0;
  return (
    <span className={classes.levels} role="meter" aria-label={t('voice.level')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(100 * now)}>
      {Array.from({ length: BARS }, (_, n) => (
        <span key={n} style={{ height: `${12 + 88 * (levels[levels.length - BARS + n] ?? 0)}%` }} />
      ))}
    </span>
  );
}
