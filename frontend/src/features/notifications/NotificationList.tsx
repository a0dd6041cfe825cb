import { Button, Skeleton } from '@mantine/core';
import { BellRing, CheckCheck, Settings } from 'lucide-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useNotificationsQuery, useOlderNotificationsMutation, useReadNotificationsMutation } from '@/api/notifications';
import { asProblem } from '@/api/problem';
import type { Notification } from '@/api/wire.gen';
import { EmptyState } from '@/components/EmptyState';
import { ProblemNote } from '@/components/ProblemNote';
import { useReport } from '@/components/useReport';
import { useFormats } from '@/i18n/format';
import classes from './NotificationList.module.css';
import { NotificationRow } from './NotificationRow';
import { PermissionHint } from './PermissionHint';
import { addressOf } from './sentence';

/** Notifications by day, the newest first. */
export function NotificationList({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['notifications', 'common']);
  const { day } = useFormats();
  const navigate = useNavigate();
  const report = useReport();
  const { data, error, isLoading, refetch } = useNotificationsQuery();
  const [loadOlder, older] = useOlderNotificationsMutation();
  const [read] = useReadNotificationsMutation();
  const items = data?.items ?? [];
  const newest = items[0];

  const open = (notification: Notification) => {
    if (!notification.read) void read({ ids: [notification.id] }).then(report);
    onClose();
    void navigate(addressOf(notification));
  };

  return (
    <>
      <div className={classes.head}>
        <h2 className={classes.title}>{t('title')}</h2>
        {(data?.unread_count ?? 0) > 0 && newest && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<CheckCheck size={15} aria-hidden="true" />}
            onClick={() => void read({ up_to: newest.id }).then(report)}
          >
            {t('readAll')}
          </Button>
        )}
        <Button component={Link} to="/settings#notifications" variant="subtle" color="gray" size="compact-sm" px={6} onClick={onClose} aria-label={t('settings')}>
          <Settings size={16} aria-hidden="true" />
        </Button>
      </div>
      <div className={classes.scroll} tabIndex={-1}>
        <PermissionHint />
        {isLoading && [1, 2, 3].map((n) => <Skeleton key={n} height={52} radius="md" mb={8} />)}
        {error && !data && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
        {data && items.length === 0 && <EmptyState icon={<BellRing size={24} />} title={t('empty.title')} text={t('empty.text')} />}
        {days(items, day).map(([name, ofDay]) => (
          <Fragment key={name}>
            <h3 className={classes.day}>{name}</h3>
            <ul className={classes.list}>
              {ofDay.map((notification) => (
                <li key={notification.id}>
                  <NotificationRow notification={notification} onOpen={() => open(notification)} />
                </li>
              ))}
            </ul>
          </Fragment>
        ))}
        {data?.next_cursor && (
          <Button
            variant="subtle"
            color="gray"
            fullWidth
            loading={older.isLoading}
            onClick={() => data.next_cursor && void loadOlder({ before: data.next_cursor }).then(report)}
          >
            {t('common:more')}
          </Button>
        )}
      </div>
    </>
  );
}

/** Neighbours of the same day together. */
function days(items: Notification[], day: (iso: string) => string): [string, Notification[]][] {
  const groups: [string, Notification[]][] = [];
  for (const item of items) {
    const name = day(item.created_at);
    const last = groups.at(-1);
    if (last?.[0] === name) last[1].push(item);
    else groups.push([name, [item]]);
  }
  return groups;
}
