import { Progress, Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStorageQuery } from '@/api/admin';
import { asProblem } from '@/api/problem';
import { ProblemNote } from '@/components/ProblemNote';
import { UserAvatar } from '@/components/UserAvatar';
import { useNameOf } from '@/components/useNameOf';
import { useFormats } from '@/i18n/format';
import classes from './AdminPage.module.css';

export function StorageTab() {
  const { t } = useTranslation('admin');
  const { number, size } = useFormats();
  const nameOf = useNameOf();
  const { data: use, error, refetch } = useStorageQuery(undefined, { refetchOnMountOrArgChange: true });
  if (error && !use) return <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />;
  if (!use) return <Skeleton height={120} />;
  return (
    <>
      <dl className={classes.facts}>
        <div>
          <dt>{t('storage.total')}</dt>
          <dd>{size(use.bytes)}</dd>
        </div>
        <div>
          <dt>{t('storage.files')}</dt>
          <dd>{number(use.files)}</dd>
        </div>
        <div>
          <dt>{t('storage.quota')}</dt>
          <dd>{size(use.quota_bytes)}</dd>
        </div>
      </dl>
      {use.users.length > 0 && <h2 className={classes.subtitle}>{t('storage.most')}</h2>}
      <ul className={classes.rows}>
        {use.users.map(({ user, bytes, files }) => (
          <li key={user.id} className={classes.person}>
            <UserAvatar user={user} size={36} />
            <div className={classes.words}>
              <div className={classes.name}>{nameOf(user)}</div>
              <Progress value={(bytes / Math.max(1, use.quota_bytes)) * 100} size="sm" aria-label={t('storage.ofQuota', { name: nameOf(user) })} />
            </div>
            <span className={classes.amount}>
              {size(bytes)} · {t('storage.count', { count: files })}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
