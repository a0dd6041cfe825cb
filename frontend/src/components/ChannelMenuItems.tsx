import { Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Bell, BellOff, BellRing, Link2, Star, StarOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useUpdateChannelPreferencesMutation } from '@/api/preferences';
import type { Channel, NotificationLevel } from '@/api/wire.gen';
import { useReport } from './useReport';

const levels = [
  ['all', BellRing],
  ['mentions', Bell],
  ['none', BellOff],
] as const;

/** What a member sets for themselves in a channel's menu: favourite, what it notifies of, and its address to hand on. */
export function ChannelMenuItems({ channel }: { channel: Channel }) {
  const { t } = useTranslation('sidebar');
  const report = useReport();
  const [update] = useUpdateChannelPreferencesMutation();
  const copyLink = async () => {
    await navigator.clipboard.writeText(`${location.origin}/channels/${channel.id}`);
    notifications.show({ message: t('linkCopied'), autoClose: 2500 });
  };
  const Favourite = channel.favourite ? StarOff : Star;
  return (
    <>
      <Menu.Item
        leftSection={<Favourite size={16} aria-hidden="true" />}
        onClick={() => void update({ channelId: channel.id, favourite: !channel.favourite }).then(report)}
      >
        {t(channel.favourite ? 'unfavourite' : 'favourite')}
      </Menu.Item>
      <Menu.Item leftSection={<Link2 size={16} aria-hidden="true" />} onClick={() => void copyLink()}>
        {t('copyLink')}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Label>{t('notifyMe')}</Menu.Label>
      <Menu.RadioGroup
        value={channel.level}
        onChange={(level) => void update({ channelId: channel.id, level: level as NotificationLevel }).then(report)}
      >
        {levels.map(([level, Icon]) => (
          <Menu.RadioItem key={level} value={level} closeMenuOnClick={false} rightSection={<Icon size={16} aria-hidden="true" />}>
            {t(`levels.${level}`)}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </>
  );
}
