import { CURVE, curvePath } from './curve';
import { useLesson } from './room';
import classes from './scrubber.module.css';

/** For teachers: where people were lost, as a hill above the track. The class tab says it in words. */
export function LostCurve({ itemKey, length }: { itemKey: string | undefined; length: number }) {
  const { lost } = useLesson();
  const curve = lost.find(({ key }) => key === itemKey);
  const path = curve ? curvePath(curve, length) : '';
  if (!path) return null;
  return (
    <svg className={classes.curve} viewBox={`0 0 ${CURVE.width} ${CURVE.height}`} preserveAspectRatio="none" aria-hidden data-testid="lost-curve">
      <path d={path} />
    </svg>
  );
}
