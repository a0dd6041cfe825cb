import { LostCurve } from './LostCurve';
import { marksOf } from './marks';
import { useLesson, useWatchRoom } from './room';
import { Scrubber } from './Scrubber';
import { useDriving } from './useDriving';
import { useFailed } from './useFailed';
import { usePosition, useWatch } from './useWatch';

/** The scrubber of what the class watches; whoever drives seeks with it. */
export function Track() {
  const { session, teacher } = useWatchRoom();
  const { timeline, duration } = useWatch();
  const { markers, comments } = useLesson();
  const { drives } = useDriving();
  const position = usePosition();
  const failed = useFailed();
  const key = timeline?.item?.key;
  return (
    <Scrubber
      position={position}
      duration={duration}
      buffered={session.buffered()}
      marks={marksOf(key, markers, comments)}
      onSeek={drives ? (to) => void session.seek(to).catch(failed) : undefined}
    >
      {teacher && <LostCurve itemKey={key} length={duration ?? 0} />}
    </Scrubber>
  );
}
