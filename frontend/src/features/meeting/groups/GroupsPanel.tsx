import { CloseButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useClassroomState } from '../sessions';
import classes from './groups.module.css';
import { OpenGroups } from './OpenGroups';
import { PlanGroups } from './PlanGroups';

interface GroupsPanelProps {
  channelId: string;
  onClose: () => void;
}

/** Teachers: plan the groups' rooms, and look after them while they are open. */
export function GroupsPanel({ channelId, onClose }: GroupsPanelProps) {
  const { t } = useTranslation('groups');
  const { breakouts } = useClassroomState().state;
  return (
    <section className={classes.panel} aria-label={t('title')}>
      <header className={classes.head}>
        <h2>{t('title')}</h2>
        <CloseButton size={40} iconSize={18} aria-label={t('close')} onClick={onClose} />
      </header>
      {breakouts ? <OpenGroups breakouts={breakouts} /> : <PlanGroups channelId={channelId} />}
    </section>
  );
}
