import { useEffect, useState } from 'react';
import { useWatchRoom } from './room';
import type { Switchable } from '@/components/useFullscreen';
import { useWatch } from './useWatch';

/** The picture in a small window of its own; possible where the page has the video element, so not with YouTube. */
export function usePictureInPicture(): Switchable {
  const { session } = useWatchRoom();
  const { timeline } = useWatch();
  const [on, setOn] = useState(false);
  useEffect(() => {
    // These events do not bubble, but they can be caught on their way down.
    const changed = (event: Event) => {
      if (event.target === session.video()) setOn(event.type === 'enterpictureinpicture');
    };
    document.addEventListener('enterpictureinpicture', changed, { capture: true });
    document.addEventListener('leavepictureinpicture', changed, { capture: true });
    return () => {
      document.removeEventListener('enterpictureinpicture', changed, { capture: true });
      document.removeEventListener('leavepictureinpicture', changed, { capture: true });
    };
  }, [session]);
  const toggle = () => {
    if (document.pictureInPictureElement) void document.exitPictureInPicture().catch(() => {});
    else void session.video()?.requestPictureInPicture().catch(() => {});
  };
  const { kind, content_type: type = '' } = timeline?.item ?? {};
  return { on, possible: kind === 'file' && !type.startsWith('audio/') && document.pictureInPictureEnabled === true, toggle };
}
