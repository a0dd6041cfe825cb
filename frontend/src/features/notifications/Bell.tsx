import { ActionIcon, Popover, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Bell as BellIcon, BellOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNotificationsQuery } from '@/api/notifications';
import { usePreferencesQuery } from '@/api/preferences';
import classes from './Bell.module.css';
import { NotificationList } from './NotificationList';

/** What concerns the person and has happened, behind a bell with a number. */
export function Bell({ size = 34 }: { size?: number }) {
  const { t } = useTranslation('notifications');
  const [opened, { close, toggle }] = useDisclosure(false);
  const { data } = useNotificationsQuery();
  const { data: mine } = usePreferencesQuery();
  const unread = data?.unread_count ?? 0;
  const Icon = mine?.dnd ? BellOff : BellIcon;
  return (
    <span className={classes.bell}>
      <Popover opened={opened} onChange={close} position="bottom-start" width="min(400px, calc(100vw - 16px))" shadow="md" radius="lg" trapFocus returnFocus>
        <Popover.Target>
          <Tooltip label={t('title')} disabled={opened}>
            <ActionIcon variant="subtle" color="gray" size={size} onClick={toggle} aria-label={unread > 0 ? t('withUnread', { count: unread }) : t('title')}>
              <Icon size={20} aria-hidden="true" />
            </ActionIcon>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown className={classes.dropdown} aria-label={t('title')}>
          <NotificationList onClose={close} />
        </Popover.Dropdown>
      </Popover>
      {unread > 0 && (
        <span className={classes.count} aria-hidden="true">
          {unread > 99 ? '99+' : unread}
        </span>
      )}
    </span>
  );
}
