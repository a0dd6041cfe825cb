import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { ListPlus, Music, Volume2, X } from 'lucide-react';
import { useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { WatchSession } from '@/playback/watchSession';
import { ClassLine } from './ClassLine';
import { ControlBar } from './ControlBar';
import { FollowMark } from './FollowMark';
import { IconButton } from './IconButton';
import { Scrubber } from './Scrubber';
import { Trouble } from './Trouble';
import { useFullscreen } from './useFullscreen';
import { usePictureInPicture } from './usePictureInPicture';
import { usePosition, useWatch } from './useWatch';
import { useWatchActions } from './useWatchActions';
import { useWatchKeys } from './useWatchKeys';
import classes from './watch.module.css';

export interface WatchStageProps {
  session: WatchSession;
  teacher: boolean;
  /** The teacher wants another video. */
  onChange: () => void;
  /** The video takes the whole room. */
  theatre: boolean;
  onTheatre: () => void;
}

/** The video that the class watches, with its controls below: nothing may lie over YouTube's player. */
export function WatchStage({ session, teacher, onChange, theatre, onTheatre }: WatchStageProps) {
  const { t } = useTranslation('watch');
  const { timeline, duration, problem, needsTap, classState } = useWatch(session);
  const position = usePosition(session);
  const stage = useRef<HTMLElement>(null);
  const host = useRef<HTMLDivElement | null>(null);
  const fullscreen = useFullscreen(stage);
  const item = timeline?.item;
  const pictureInPicture = usePictureInPicture(host, item?.kind);
  const drives = teacher;
  const onFailed = useCallback(() => notifications.show({ color: 'red', message: t('commandFailed') }), [t]);
  const onAction = useWatchActions(session, { onTheatre, onFullscreen: fullscreen.toggle, onFailed });
  useWatchKeys({ stage, enabled: problem === null, drives, spaceTalks: !teacher, onAction });
  const attach = useCallback(
    (element: HTMLDivElement | null) => {
      host.current = element;
      session.attach(element);
      return () => session.attach(null);
    },
    [session],
  );
  const seek = useCallback((to: number) => void session.seek(to).catch(onFailed), [session, onFailed]);

  return (
    <section ref={stage} className={classes.stage} aria-label={t('region')}>
      <div className={classes.frame} data-kind={item?.kind}>
        <div ref={attach} className={classes.host} hidden={problem !== null} />
        {item?.content_type?.startsWith('audio/') && !problem && (
          <div className={classes.audio} aria-hidden>
            <Music size={44} />
          </div>
        )}
        {problem && <Trouble problem={problem} teacher={teacher} onChange={onChange} />}
      </div>
      <div className={classes.under}>
        <div className={classes.titleRow}>
          <h2 className={classes.title}>{item?.title || t('untitled')}</h2>
          {teacher ? <ClassLine classState={classState} /> : <FollowMark session={session} />}
          {needsTap && (
            <Button size="sm" leftSection={<Volume2 size={16} />} onClick={() => session.tap()} title={t('needsTapText')}>
              {t('needsTap')}
            </Button>
          )}
          {teacher && (
            <IconButton label={t('stop')} onClick={() => void session.stop().catch(onFailed)}>
              <X size={18} />
            </IconButton>
          )}
        </div>
        <Scrubber position={position} duration={duration} buffered={session.buffered()} marks={[]} onSeek={drives ? seek : undefined} />
        <ControlBar
          session={session}
          position={position}
          drives={drives}
          playing={timeline?.playing === true}
          rate={timeline?.rate ?? 1}
          theatre={theatre}
          fullscreen={fullscreen}
          pictureInPicture={pictureInPicture}
          onAction={onAction}
          right={
            teacher && (
              <IconButton label={t('change')} wideOnly onClick={onChange}>
                <ListPlus size={18} />
              </IconButton>
            )
          }
        />
      </div>
    </section>
  );
}
