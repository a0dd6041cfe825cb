import { Button } from '@mantine/core';
import { Captions as CaptionsIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCaptionsState, useMeetingPart, useSession } from '../sessions';
import classes from './captions.module.css';

/** Asks a speaker once whether the browser may write down what they say: somebody would read it. */
export function CaptionsOffer() {
  const { t } = useTranslation('groups');
  const { captions } = useSession();
  const { able, wanted, write } = useCaptionsState();
  const muted = useMeetingPart((room) => room.muted);
  if (!able || !wanted || write !== null || muted) return null;
  return (
    <section className={classes.offer} aria-label={t('captions.title')} role="status">
      <CaptionsIcon size={20} aria-hidden />
      <div className={classes.offerText}>
        <p>{t('captions.offer')}</p>
        <p className={classes.small}>{t('captions.writeHint')}</p>
      </div>
      <Button size="sm" onClick={() => captions.write(true)}>
        {t('captions.offerYes')}
      </Button>
      <Button size="sm" variant="default" onClick={() => captions.write(false)}>
        {t('captions.offerNo')}
      </Button>
    </section>
  );
}
