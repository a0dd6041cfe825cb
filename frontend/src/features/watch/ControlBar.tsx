import { ActionIcon, NativeSelect } from '@mantine/core';
import { Maximize, Minimize, Pause, PictureInPicture2, Play, RectangleHorizontal, RotateCcw, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { WatchSession } from '@/playback/watchSession';
import { IconButton } from './IconButton';
import { clockTime } from './time';
import { useWatch } from './useWatch';
import { VolumeControl } from './VolumeControl';
import { RATES, type WatchAction } from './watchKeys';
import classes from './watch.module.css';

interface ControlBarProps {
  session: WatchSession;
  position: number;
  /** Whether one drives: the class, or the own player. */
  drives: boolean;
  playing: boolean;
  rate: number;
  theatre: boolean;
  fullscreen: { on: boolean; possible: boolean };
  pictureInPicture: { on: boolean; possible: boolean; toggle: () => void };
  onAction: (action: WatchAction) => void;
  /** Before and after the buttons of the player itself. */
  left?: ReactNode;
  right?: ReactNode;
}

/** The buttons below the video. What belongs to this window only is there for everybody. */
export function ControlBar({ session, position, drives, playing, rate, theatre, fullscreen, pictureInPicture, onAction, left, right }: ControlBarProps) {
  const { t } = useTranslation('watch');
  const { duration } = useWatch(session);
  return (
    <div className={classes.buttons}>
      {drives && <Transport playing={playing} onAction={onAction} />}
      {left}
      <span className={classes.time}>
        {clockTime(position)} / {duration === null ? '–:––' : clockTime(duration)}
      </span>
      <span className={classes.space} />
      <VolumeControl session={session} />
      {drives && (
        <NativeSelect
          className={classes.speed}
          size="sm"
          aria-label={t('speed')}
          value={String(rate)}
          data={RATES.map((choice) => ({ value: String(choice), label: t('speedValue', { rate: choice }) }))}
          onChange={(event) => onAction({ kind: 'rate', rate: Number(event.currentTarget.value) })}
        />
      )}
      {pictureInPicture.possible && (
        <IconButton label={t('pictureInPicture')} pressed={pictureInPicture.on} wideOnly onClick={pictureInPicture.toggle}>
          <PictureInPicture2 size={18} />
        </IconButton>
      )}
      <IconButton label={t('theatre')} shortcut="T" pressed={theatre} wideOnly onClick={() => onAction({ kind: 'theatre' })}>
        <RectangleHorizontal size={18} />
      </IconButton>
      {fullscreen.possible && (
        <IconButton label={fullscreen.on ? t('exitFullscreen') : t('fullscreen')} shortcut="F" onClick={() => onAction({ kind: 'fullscreen' })}>
          {fullscreen.on ? <Minimize size={18} /> : <Maximize size={18} />}
        </IconButton>
      )}
      {right}
    </div>
  );
}

function Transport({ playing, onAction }: { playing: boolean; onAction: (action: WatchAction) => void }) {
  const { t } = useTranslation('watch');
  return (
    <>
      <ActionIcon size={40} radius="xl" aria-label={playing ? t('pause') : t('play')} aria-keyshortcuts="K" onClick={() => onAction({ kind: 'toggle' })}>
        {playing ? <Pause size={18} fill="currentColor" /> : <Play size={18} fill="currentColor" />}
      </ActionIcon>
      <IconButton label={t('back10')} shortcut="J" onClick={() => onAction({ kind: 'jump', by: -10 })}>
        <RotateCcw size={18} />
      </IconButton>
      <IconButton label={t('forward10')} shortcut="L" onClick={() => onAction({ kind: 'jump', by: 10 })}>
        <RotateCw size={18} />
      </IconButton>
    </>
  );
}
