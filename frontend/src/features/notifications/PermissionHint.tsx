import { Button } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './NotificationList.module.css';

/** Offers pop-ups to somebody who was never asked. The browser's own question comes only after a press on this one. */
export function PermissionHint() {
  const { t } = useTranslation('notifications');
  const [permission, setPermission] = useState(() => ('Notification' in window ? Notification.permission : 'denied'));
  const [later, setLater] = useLocalStorage({ key: 'lectern.popUpsLater', defaultValue: false, getInitialValueInEffect: false });
  if (permission !== 'default' || later) return null;
  return (
    <div className={classes.hint}>
      <p>{t('hint.text')}</p>
      <Button size="compact-sm" onClick={() => void Notification.requestPermission().then(setPermission)}>
        {t('hint.allow')}
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setLater(true)}>
        {t('hint.later')}
      </Button>
    </div>
  );
}
