import { useEffect, useRef } from 'react';
import { facingOf } from '@/media/inputs';
import classes from './video.module.css';

interface StreamVideoProps {
  track: MediaStreamTrack;
  source: 'camera' | 'screen';
  /** One's own face, as in a mirror; what the back of a phone sees is shown as it is. */
  mirrored?: boolean;
}

/** A live picture without sound; sound has elements of its own. */
export function StreamVideo({ track, source, mirrored }: StreamVideoProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = new MediaStream([track]);
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  return <video ref={video} className={classes.video} data-source={source} data-mirrored={(mirrored && facingOf(track) !== 'environment') || undefined} autoPlay playsInline muted />;
}
