import { useCallback, useEffect, useState } from 'react';

/** Chromium's window that stays above all others and holds a page. */
interface DocumentPictureInPicture {
  requestWindow(options: { width: number; height: number }): Promise<Window>;
}

export interface PictureInPicture {
  on: boolean;
  possible: boolean;
  /** Where the call is to be drawn; null when it is not, or the browser draws the picture itself. */
  window: Window | null;
  toggle: () => void;
}

const SIZE = { width: 320, height: 240 };
/** The picture that a browser shows which has only its own small window for videos. */
export const PIP_VIDEO = 'call-picture';

function ownWindow(): DocumentPictureInPicture | null {
  return (window as Window & { documentPictureInPicture?: DocumentPictureInPicture }).documentPictureInPicture ?? null;
}

/** The call in a small window above all others. */
export function usePictureInPicture(): PictureInPicture {
  const [pip, setPip] = useState<Window | null>(null);
  const [video, setVideo] = useState(false);
  useEffect(() => () => pip?.close(), [pip]);
  useEffect(() => {
    const changed = () => setVideo(document.pictureInPictureElement !== null);
    document.addEventListener('enterpictureinpicture', changed, { capture: true });
    document.addEventListener('leavepictureinpicture', changed, { capture: true });
    return () => {
      document.removeEventListener('enterpictureinpicture', changed, { capture: true });
      document.removeEventListener('leavepictureinpicture', changed, { capture: true });
    };
  }, []);

  const toggle = useCallback(() => {
    if (pip) return pip.close();
    if (document.pictureInPictureElement) return void document.exitPictureInPicture().catch(() => undefined);
    const own = ownWindow();
    if (!own) return void document.querySelector<HTMLVideoElement>(`[data-pip="${PIP_VIDEO}"] video`)?.requestPictureInPicture().catch(() => undefined);
    own.requestWindow(SIZE).then(
      (opened) => {
        dress(opened);
        opened.addEventListener('pagehide', () => setPip(null));
        setPip(opened);
      },
      () => undefined, // the browser said no
    );
  }, [pip]);
  return { on: pip !== null || video, possible: ownWindow() !== null || document.pictureInPictureEnabled === true, window: pip, toggle };
}

/** The new window has no style of its own. */
function dress(target: Window): void {
  for (const sheet of document.querySelectorAll('link[rel="stylesheet"], style')) target.document.head.append(sheet.cloneNode(true));
  for (const { name, value } of document.documentElement.attributes) target.document.documentElement.setAttribute(name, value);
}
