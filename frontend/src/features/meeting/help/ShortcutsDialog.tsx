import { Kbd, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './shortcuts.module.css';

interface ShortcutsDialogProps {
  opened: boolean;
  onClose: () => void;
  teacher: boolean;
}

const TOPICS = ['silent', 'echo', 'blurred', 'ask', 'lost'] as const;
const TEACHERS_TOPICS = ['late', 'noise', 'groups', 'polls'] as const;

/** What to do when something does not work, and every key. */
export function ShortcutsDialog({ opened, onClose, teacher }: ShortcutsDialogProps) {
  const { t } = useTranslation(['groups', 'meeting']);
  return (
    <Modal opened={opened} onClose={onClose} title={t('help.title')} closeButtonProps={{ 'aria-label': t('meeting:close') }}>
      {[...TOPICS, ...(teacher ? TEACHERS_TOPICS : [])].map((topic) => (
        <details key={topic} className={classes.topic}>
          <summary>{t(`help.topics.${topic}.question`)}</summary>
          <p>{t(`help.topics.${topic}.answer`)}</p>
        </details>
      ))}
      <h3 className={classes.group}>{t('meeting:shortcuts.title')}</h3>
      <RoomKeys />
      <h3 className={classes.group}>{t('meeting:shortcuts.watchTitle')}</h3>
      <WatchKeys />
      {teacher && (
        <>
          <h3 className={classes.group}>{t('meeting:shortcuts.videoTitle')}</h3>
          <DrivingKeys />
          <p className={classes.note}>{t('meeting:shortcuts.note')}</p>
        </>
      )}
    </Modal>
  );
}

function RoomKeys() {
  const { t } = useTranslation(['meeting', 'groups']);
  return (
    <Keys
      rows={[
        [['M'], t('shortcuts.mute')],
        [[t('shortcuts.space')], t('shortcuts.talk')],
        [['V'], t('shortcuts.camera')],
        [['S'], t('shortcuts.screen')],
        [['H'], t('shortcuts.hand')],
        [['F'], t('groups:help.keys.fullscreen')],
        [['PgUp', 'PgDn'], t('groups:help.keys.pages')],
        [['D'], t('shortcuts.stats')],
        [['?'], t('shortcuts.list')],
      ]}
    />
  );
}

function WatchKeys() {
  const { t } = useTranslation('meeting');
  return (
    <Keys
      rows={[
        [['F'], t('shortcuts.fullscreen')],
        [['T'], t('shortcuts.theatre')],
        [['C'], t('shortcuts.captions')],
        [['M', '↑', '↓'], t('shortcuts.sound')],
      ]}
    />
  );
}

function DrivingKeys() {
  const { t } = useTranslation('meeting');
  return (
    <Keys
      rows={[
        [[t('shortcuts.space'), 'K'], t('shortcuts.playPause')],
        [['J', 'L'], t('shortcuts.jump')],
        [['←', '→'], t('shortcuts.step')],
        [[',', '.'], t('shortcuts.frame')],
        [['0', '…', '9'], t('shortcuts.part')],
        [['<', '>'], t('shortcuts.speed')],
        [['⇧P', '⇧N'], t('shortcuts.playlist')],
      ]}
    />
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
