import { Slider } from '@mantine/core';
import { Maximize, Minimize, Pin, PinOff, Volume2, VolumeX } from 'lucide-react';
import { type CSSProperties, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { StreamVideo } from '@/components/media/StreamVideo';
import { useFullscreen } from '@/components/useFullscreen';
import { PausedCover } from './PausedCover';
import { PictureButton } from './PictureButton';
import { useRoomView, useRoomViewPart } from './roomView';
import classes from './screen.module.css';
import type { Rect } from './tiles';
import type { Person } from './usePeople';
import type { ViewTracker } from './viewTracker';

interface ScreenStageProps {
  person: Person;
  rect: Rect;
  pinned: boolean;
  tracker: ViewTracker | null;
}

/** Somebody's shared screen, with the volume of its sound. */
export function ScreenStage({ person, rect, pinned, tracker }: ScreenStageProps) {
  const { t } = useTranslation('meeting');
  const view = useRoomView();
  const stage = useRef<HTMLElement>(null);
  const fullscreen = useFullscreen(stage);
  const { participant_id: id, user } = person.participant;
  const { screen, paused, screenSound } = person;
  const style: CSSProperties = { left: rect.left, top: rect.top, width: rect.width, height: rect.height };
  useEffect(() => {
    if (stage.current) return tracker?.observe(stage.current, id, 'screen');
  }, [tracker, id]);
  return (
    <section
      ref={stage}
      className={classes.screen}
      style={style}
      aria-label={t('room.screenOf', { name: user.name })}
      data-participant-id={id}
      onDoubleClick={fullscreen.toggle}
    >
      {screen && <StreamVideo track={screen} source="screen" />}
      {paused.screen && <PausedCover user={user} />}
      <div className={classes.foot} onDoubleClick={(event) => event.stopPropagation()}>
        <span className={classes.name}>{t('room.screenOf', { name: user.name })}</span>
        <span className={classes.tools}>
          {screenSound && <ScreenVolume id={id} name={user.name} />}
          <PictureButton
            label={t(pinned ? 'tile.unpinScreen' : 'tile.pinScreen', { name: user.name })}
            icon={pinned ? <PinOff size={16} /> : <Pin size={16} />}
            onClick={() => view.togglePin({ kind: 'screen', id })}
          />
          {fullscreen.possible && (
            <PictureButton
              label={t(fullscreen.on ? 'view.exitFullscreen' : 'view.fullscreen')}
              icon={fullscreen.on ? <Minimize size={16} /> : <Maximize size={16} />}
              onClick={fullscreen.toggle}
            />
          )}
        </span>
      </div>
    </section>
  );
}

/** How loud this screen is in this window; voices stay as they are. */
function ScreenVolume({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation('meeting');
  const view = useRoomView();
  const volume = useRoomViewPart(({ volumes }) => volumes[id] ?? 1);
  return (
    <span className={classes.volume}>
      <PictureButton
        label={t(volume === 0 ? 'room.screenSoundOn' : 'room.screenSoundOff', { name })}
        icon={volume === 0 ? <VolumeX size={16} /> : <Volume2 size={16} />}
        onClick={() => view.setVolume(id, volume === 0 ? 1 : 0)}
      />
      <Slider
        className={classes.slider}
        size="xs"
        min={0}
        max={100}
        label={null}
        thumbLabel={t('room.screenVolume', { name })}
        value={Math.round(volume * 100)}
        onChange={(percent) => view.setVolume(id, percent / 100)}
      />
    </span>
  );
}
