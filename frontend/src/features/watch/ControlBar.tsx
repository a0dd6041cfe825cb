import { ActionIcon, NativeSelect } from '@mantine/core';
import { Captions, CaptionsOff, Maximize, Minimize, Pause, PictureInPicture2, Play, RectangleHorizontal, RotateCcw, RotateCw, SkipBack, SkipForward } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '@/components/clockTime';
import { IconButton } from './IconButton';
import { useLesson, useWatchRoom } from './room';
import { useDriving } from './useDriving';
import type { Switchable } from '@/components/useFullscreen';
import { usePosition, useWatch } from './useWatch';
import { VolumeControl } from './VolumeControl';
import { RATES, type WatchAction } from './watchKeys';
import classes from './watch.module.css';

interface ControlBarProps {
  theatre: boolean;
  fullscreen: Switchable;
  pictureInPicture: Switchable;
  onAction: (action: WatchAction) => void;
  /** After the buttons that drive. */
  left?: ReactNode;
  /** At the end; about the room, so not in full screen. */
  right?: ReactNode;
}

/** The buttons below the video. What belongs to this window only is there for everybody. */
export function ControlBar({ theatre, fullscreen, pictureInPicture, onAction, left, right }: ControlBarProps) {
  const { t } = useTranslation('watch');
  const { captions } = useWatch();
  const { drives, rate } = useDriving();
  return (
    <div className={classes.buttons} data-drives={drives || undefined}>
      {drives && <Transport onAction={onAction} />}
      <Clock />
      {left}
      <span className={classes.space} />
      <VolumeControl />
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
      {captions !== null && (
        <IconButton label={t('captions')} shortcut="C" pressed={captions} onClick={() => onAction({ kind: 'captions' })}>
          {captions ? <Captions size={18} /> : <CaptionsOff size={18} />}
        </IconButton>
      )}
      {pictureInPicture.possible && (
        <IconButton label={t('pictureInPicture')} pressed={pictureInPicture.on} wideOnly onClick={pictureInPicture.toggle}>
          <PictureInPicture2 size={18} />
        </IconButton>
      )}
      {!fullscreen.on && (
        <IconButton label={t('theatre')} shortcut="T" pressed={theatre} wideOnly onClick={() => onAction({ kind: 'theatre' })}>
          <RectangleHorizontal size={18} />
        </IconButton>
      )}
      {fullscreen.possible && (
        <IconButton label={fullscreen.on ? t('exitFullscreen') : t('fullscreen')} shortcut="F" onClick={() => onAction({ kind: 'fullscreen' })}>
          {fullscreen.on ? <Minimize size={18} /> : <Maximize size={18} />}
        </IconButton>
      )}
      {!fullscreen.on && right}
    </div>
  );
}

function Clock() {
  const { duration } = useWatch();
  const position = usePosition();
  return (
    <span className={classes.time}>
      {clockTime(position)} / {duration === null ? '–:––' : clockTime(duration)}
    </span>
  );
}

function Transport({ onAction }: { onAction: (action: WatchAction) => void }) {
  const { t } = useTranslation('watch');
  const { teacher } = useWatchRoom();
  const { playlist } = useLesson();
  const { playing, free } = useDriving();
  const inList = teacher && !free && (playlist?.entries.length ?? 0) > 1;
  return (
    <>
      <ActionIcon size={40} radius="xl" aria-label={playing ? t('pause') : t('play')} aria-keyshortcuts="K" onClick={() => onAction({ kind: 'toggle' })}>
        {playing ? <Pause size={18} fill="currentColor" /> : <Play size={18} fill="currentColor" />}
      </ActionIcon>
      {inList && (
        <IconButton label={t('previous')} shortcut="⇧P" wideOnly onClick={() => onAction({ kind: 'previous' })}>
          <SkipBack size={18} />
        </IconButton>
      )}
      <IconButton label={t('back10')} shortcut="J" onClick={() => onAction({ kind: 'jump', by: -10 })}>
        <RotateCcw size={18} />
      </IconButton>
      <IconButton label={t('forward10')} shortcut="L" onClick={() => onAction({ kind: 'jump', by: 10 })}>
        <RotateCw size={18} />
      </IconButton>
      {inList && (
        <IconButton label={t('next')} shortcut="⇧N" wideOnly onClick={() => onAction({ kind: 'next' })}>
          <SkipForward size={18} />
        </IconButton>
      )}
    </>
  );
}
