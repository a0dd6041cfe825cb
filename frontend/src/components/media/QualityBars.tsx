import { useTranslation } from 'react-i18next';
import type { Quality } from '@/media/quality';
import classes from './bars.module.css';

const lit: Record<Quality, number> = { good: 3, fair: 2, poor: 1, lost: 0 };

/** How well somebody's connection carries sound and pictures. */
export function QualityBars({ quality }: { quality: Quality }) {
  const { t } = useTranslation('media');
  const name = t(`quality.${quality}`);
  return (
    <span className={classes.bars} role="img" aria-label={name} title={name} data-quality={quality}>
      {[0, 1, 2].map((bar) => (
        <i key={bar} data-on={bar < lit[quality] || undefined} />
      ))}
    </span>
  );
}
