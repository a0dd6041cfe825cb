import { type RefObject, useEffect, useState } from 'react';

interface PictureInPicture {
  on: boolean;
  possible: boolean;
  toggle: () => void;
}

/** The file's picture in a small window of its own. YouTube's player does not offer it. */
export function usePictureInPicture(host: RefObject<HTMLElement | null>, kind: string | undefined): PictureInPicture {
  const [on, setOn] = useState(false);
  useEffect(() => {
    const element = host.current;
    const entered = () => setOn(true);
    const left = () => setOn(false);
    element?.addEventListener('enterpictureinpicture', entered, { capture: true });
    element?.addEventListener('leavepictureinpicture', left, { capture: true });
    return () => {
      element?.removeEventListener('enterpictureinpicture', entered, { capture: true });
      element?.removeEventListener('leavepictureinpicture', left, { capture: true });
    };
  }, [host]);
  const toggle = () => {
    if (document.pictureInPictureElement) void document.exitPictureInPicture().catch(() => {});
    else void host.current?.querySelector('video')?.requestPictureInPicture().catch(() => {});
  };
  return { on, possible: kind === 'file' && document.pictureInPictureEnabled === true, toggle };
}
