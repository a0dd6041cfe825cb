import { Popover, UnstyledButton } from '@mantine/core';
import { ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import controls from '@/components/media/controls.module.css';
import classes from './code.module.css';
import { codePictures } from './codePictures';
import { useCall } from './context';

/** Four pictures that both sides compare by voice. */
export function CodeButton() {
  const { t } = useTranslation('call');
  const { code } = useCall();
  const names = t('code.words').split(',');
  return (
    <Popover withinPortal={false} width={300} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={controls.button} aria-label={t('code.button')} title={t('code.button')}>
          <ShieldCheck size={19} aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('code.title')} tabIndex={-1} data-autofocus>
        <h3 className={classes.title}>{t('code.title')}</h3>
        {code ? (
          <ol className={classes.pictures} data-testid="call-code">
            {code.map((number, place) => (
              <li key={place}>
                <span aria-hidden>{codePictures[number]}</span>
                {names[number]}
              </li>
            ))}
          </ol>
        ) : (
          <p className={classes.text}>{t('code.waiting')}</p>
        )}
        {code && <p className={classes.text}>{t('code.text')}</p>}
      </Popover.Dropdown>
    </Popover>
  );
}
