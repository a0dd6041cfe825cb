import { Button } from '@mantine/core';
import { Archive, Megaphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useUpdateChannelMutation } from '@/api/channels';
import type { Channel } from '@/api/wire.gen';
import { useReport } from '@/components/useReport';
import { useFormats } from '@/i18n/format';
import classes from './ChannelNotice.module.css';

/** Says what is not done in this channel, and why. */
export function ChannelNotice({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const { day } = useFormats();
  const report = useReport();
  const [update, { isLoading }] = useUpdateChannelMutation();
  if (channel.archived_at) {
    return (
      <div className={classes.notice}>
        <Archive size={17} aria-hidden="true" />
        <span className={classes.words}>{t('archivedSince', { day: day(channel.archived_at) })}</span>
        {channel.my_role === 'owner' && (
          <Button size="compact-sm" variant="default" loading={isLoading} onClick={() => void update({ id: channel.id, archived: false }).then(report)}>
            {t('unarchiveChannel')}
          </Button>
        )}
      </div>
    );
  }
  if (channel.posting !== 'teachers') return null;
  return (
    <div className={classes.notice} data-quiet>
      <Megaphone size={16} aria-hidden="true" />
      <span className={classes.words}>{t('announcements')}</span>
    </div>
  );
}
