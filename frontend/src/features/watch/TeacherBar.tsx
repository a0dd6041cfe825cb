import { ActionIcon, NativeSelect, Tooltip } from '@mantine/core';
import { ListVideo, Pause, Play, RotateCcw, RotateCw, Square } from 'lucide-react';
import { type ReactNode, useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { WatchSession } from '@/playback/watchSession';
import { Scrubber } from './Scrubber';
import { clockTime } from './time';
import { usePosition, useWatch } from './useWatch';
import { useWatchKeys } from './useWatchKeys';
import { VolumeControl } from './VolumeControl';
import classes from './watch.module.css';

const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2];

interface TeacherBarProps {
  session: WatchSession;
  onChange: () => void;
  onFailed: (error: unknown) => void;
}

/** Drives the class. */
export function TeacherBar({ session, onChange, onFailed }: TeacherBarProps) {
  const { t } = useTranslation('watch');
  const { timeline, duration, problem } = useWatch(session);
  const position = usePosition(session);
  useWatchKeys(session, problem === null, onFailed);
  const seek = useCallback((to: number) => void session.seek(to).catch(onFailed), [session, onFailed]);
  const playing = timeline?.playing === true;
  const toggle = () => void (playing ? session.pause() : session.play()).catch(onFailed);

  return (
    <div className={classes.bar}>
      <Scrubber position={position} duration={duration} buffered={session.buffered()} onSeek={seek} />
      <div className={classes.buttons}>
        <ActionIcon size="lg" radius="xl" aria-label={playing ? t('pause') : t('play')} onClick={toggle}>
          {playing ? <Pause size={18} fill="currentColor" /> : <Play size={18} fill="currentColor" />}
        </ActionIcon>
        <IconButton label={t('back10')} onClick={() => seek(session.position() - 10)}>
          <RotateCcw size={18} />
        </IconButton>
        <IconButton label={t('forward10')} onClick={() => seek(session.position() + 10)}>
          <RotateCw size={18} />
        </IconButton>
        <span className={classes.time}>
          {clockTime(position)} / {duration === null ? '–:––' : clockTime(duration)}
        </span>
        <span className={classes.space} />
        <VolumeControl session={session} />
        <NativeSelect
          className={classes.speed}
          size="xs"
          aria-label={t('speed')}
          value={String(timeline?.rate ?? 1)}
          data={RATES.map((rate) => ({ value: String(rate), label: t('speedValue', { rate }) }))}
          onChange={(event) => void session.setRate(Number(event.currentTarget.value)).catch(onFailed)}
        />
        <IconButton label={t('change')} onClick={onChange}>
          <ListVideo size={18} />
        </IconButton>
        <IconButton label={t('stop')} onClick={() => void session.stop().catch(onFailed)}>
          <Square size={16} />
        </IconButton>
      </div>
    </div>
  );
}

function IconButton({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
