import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCallSession } from './context';
import { PanelHead } from './PanelHead';
import classes from './panel.module.css';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** Sends tones into the call, for a peer that takes them. */
export function DialPad({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('call');
  const session = useCallSession();
  return (
    <section className={classes.floating} aria-label={t('dial.title')}>
      <PanelHead title={t('dial.title')} closeLabel={t('dial.close')} onClose={onClose} />
      <div className={classes.pad}>
        {KEYS.map((key) => (
          <UnstyledButton key={key} className={classes.key} onClick={() => session.tone(key)}>
            {key}
          </UnstyledButton>
        ))}
      </div>
    </section>
  );
}
