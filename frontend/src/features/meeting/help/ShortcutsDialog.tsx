import { Kbd, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './shortcuts.module.css';

export function ShortcutsDialog({ opened, onClose, teacher }: { opened: boolean; onClose: () => void; teacher: boolean }) {
  const { t } = useTranslation('meeting');
  const space = t('shortcuts.space');
  return (
    <Modal opened={opened} onClose={onClose} title={t('shortcuts.title')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Keys
        rows={[
          [['M'], t('shortcuts.mute')],
          [[space], t('shortcuts.talk')],
          [['V'], t('shortcuts.camera')],
          [['S'], t('shortcuts.screen')],
          [['H'], t('shortcuts.hand')],
          [['D'], t('shortcuts.stats')],
          [['?'], t('shortcuts.list')],
        ]}
      />
      <h3 className={classes.group}>{t('shortcuts.watchTitle')}</h3>
      <Keys
        rows={[
          [['F'], t('shortcuts.fullscreen')],
          [['T'], t('shortcuts.theatre')],
          [['C'], t('shortcuts.captions')],
          [['M', '↑', '↓'], t('shortcuts.sound')],
        ]}
      />
      {teacher && (
        <>
          <h3 className={classes.group}>{t('shortcuts.videoTitle')}</h3>
          <Keys
            rows={[
              [[space, 'K'], t('shortcuts.playPause')],
              [['J', 'L'], t('shortcuts.jump')],
              [['←', '→'], t('shortcuts.step')],
              [[',', '.'], t('shortcuts.frame')],
              [['0', '…', '9'], t('shortcuts.part')],
              [['<', '>'], t('shortcuts.speed')],
              [['⇧P', '⇧N'], t('shortcuts.playlist')],
            ]}
          />
          <p className={classes.note}>{t('shortcuts.note')}</p>
        </>
      )}
    </Modal>
  );
}

function Keys({ rows }: { rows: [string[], string][] }) {
  return (
    <dl className={classes.keys}>
      {rows.map(([keys, what]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>
            {keys.map((key) => (
              <Kbd key={key}>{key}</Kbd>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
