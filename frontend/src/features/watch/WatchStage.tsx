import { Loader } from '@mantine/core';
import { ListPlus, Music, PanelRight } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WatchRoom } from '@/playback/watchRoom';
import { AskForm } from './AskForm';
import { ControlBar } from './ControlBar';
import { IconButton } from './IconButton';
import { Notices } from './Notices';
import { QuestionCard } from './QuestionCard';
import { useWatchRoom, WatchRoomProvider } from './room';
import { StudentTools } from './StudentTools';
import { TitleRow } from './TitleRow';
import { Track } from './Track';
import { Trouble } from './Trouble';
import { useAsked } from './useAsked';
import { useDriving } from './useDriving';
import { useFullscreen } from '@/components/useFullscreen';
import { usePictureInPicture } from './usePictureInPicture';
import { useReport } from './useReport';
import { useWatch } from './useWatch';
import { useWatchActions } from './useWatchActions';
import { useWatchKeys } from './useWatchKeys';
import classes from './watch.module.css';

export interface WatchStageProps {
  room: WatchRoom;
  /** The teacher wants another video. */
  onChange: () => void;
  /** The video takes the whole room. */
  theatre: boolean;
  onTheatre: () => void;
  panelOpen: boolean;
  onPanel: () => void;
}

export function WatchStage({ room, ...props }: WatchStageProps) {
  return (
    <WatchRoomProvider value={room}>
      <Stage {...props} />
    </WatchRoomProvider>
  );
}

/** The video that the class watches, with its controls below: nothing may lie over YouTube's player. */
function Stage({ onChange, theatre, onTheatre, panelOpen, onPanel }: Omit<WatchStageProps, 'room'>) {
  const { t } = useTranslation('watch');
  const { session, teacher } = useWatchRoom();
  const { timeline, problem, follow } = useWatch();
  const { drives } = useDriving();
  const asked = useAsked();
  const [asking, setAsking] = useState(false);
  const stage = useRef<HTMLElement>(null);
  const fullscreen = useFullscreen(stage);
  const pictureInPicture = usePictureInPicture();
  const onAction = useWatchActions({ onTheatre, onFullscreen: fullscreen.toggle });
  useWatchKeys({ stage, enabled: problem === null, drives, spaceTalks: !teacher, onAction });
  useReport();
  const attach = useCallback(
    (host: HTMLDivElement | null) => {
      session.attach(host);
      return () => session.attach(null);
    },
    [session],
  );
  const item = timeline?.item;

  return (
    <section ref={stage} className={classes.stage} aria-label={t('region')}>
      <div className={classes.screen}>
        <div className={classes.frame}>
          <div ref={attach} className={classes.host} hidden={problem !== null} />
          {item?.content_type?.startsWith('audio/') && !problem && (
            <div className={classes.audio} aria-hidden>
              <Music size={44} />
            </div>
          )}
          {item?.kind === 'file' && follow === 'buffering' && !problem && (
            <div className={classes.loading} aria-hidden>
              <Loader color="white" />
            </div>
          )}
          {problem && <Trouble problem={problem} onChange={onChange} />}
        </div>
        {asked && <QuestionCard key={asked.id} question={asked} />}
      </div>
      <div className={classes.under}>
        <TitleRow />
        <Notices />
        <Track />
        {asking && <AskForm onDone={() => setAsking(false)} />}
        <ControlBar
          theatre={theatre}
          fullscreen={fullscreen}
          pictureInPicture={pictureInPicture}
          onAction={onAction}
          left={!teacher && <StudentTools asking={asking} onAsk={() => setAsking(!asking)} />}
          right={
            <>
              {teacher && (
                <IconButton label={t('change')} wideOnly="widest" onClick={onChange}>
                  <ListPlus size={18} />
                </IconButton>
              )}
              <IconButton label={t('lesson')} pressed={panelOpen} onClick={onPanel}>
                <PanelRight size={18} />
              </IconButton>
            </>
          }
        />
      </div>
    </section>
  );
}
