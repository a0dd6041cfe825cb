import { useTranslation } from 'react-i18next';
import { useAdminChannelsInfiniteQuery } from '@/api/admin';
import { LiveDot } from '@/components/LiveDot';
import { useNameOf } from '@/components/useNameOf';
import { useFormats } from '@/i18n/format';
import classes from './AdminPage.module.css';
import { Paged } from './Paged';

export function ChannelsTab() {
  const { t } = useTranslation('admin');
  const { day, number } = useFormats();
  const nameOf = useNameOf();
  const query = useAdminChannelsInfiniteQuery(undefined, { refetchOnMountOrArgChange: true });
  return (
    <Paged query={query} empty={t('channels.none')}>
      {(channels) => (
        <table className={classes.table}>
          <thead>
            <tr>
              <th>{t('channels.name')}</th>
              <th>{t('channels.by')}</th>
              <th>{t('channels.members')}</th>
              <th>{t('channels.since')}</th>
            </tr>
          </thead>
          <tbody>
            {channels.map((channel) => (
              <tr key={channel.id}>
                <td>
                  <span className={classes.name}>
                    {channel.name}
                    {channel.meeting && <LiveDot label={t('channels.live')} />}
                  </span>
                </td>
                <td data-label={t('channels.by')}>{nameOf(channel.created_by)}</td>
                <td data-label={t('channels.members')}>{number(channel.member_count)}</td>
                <td data-label={t('channels.since')}>{day(channel.created_at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Paged>
  );
}
