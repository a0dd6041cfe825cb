import { ActionIcon, Menu } from '@mantine/core';
import { Bell, BellOff, Ellipsis } from 'lucide-react';
import { use } from 'react';
import { useTranslation } from 'react-i18next';
import { useUpdateConversationMutation } from '@/api/conversations';
import type { Conversation } from '@/api/wire.gen';
import { useMe } from '@/components/hooks';
import { ProfileCard, ProfileSlots } from '@/components/ProfileCard';
import { UserAvatar } from '@/components/UserAvatar';
import { useNameOf } from '@/components/useNameOf';
import { useReport } from '@/components/useReport';
import classes from './ConversationPage.module.css';

/** With whom, whether they are there, and the ways to call them. */
export function ConversationHeader({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation(['conversations', 'common']);
  const me = useMe();
  const nameOf = useNameOf();
  const report = useReport();
  const [update] = useUpdateConversationMutation();
  const { CallButtons } = use(ProfileSlots);
  const { id, peer, muted } = conversation;
  const alone = peer.id === me.id;
  const Mute = muted ? Bell : BellOff;
  return (
    <header className={classes.header}>
      <ProfileCard user={peer}>
        <UserAvatar user={peer} size={40} {...(!alone && { presence: peer.presence })} />
      </ProfileCard>
      <div className={classes.names}>
        <h1 className={classes.name}>{alone ? t('notes') : nameOf(peer)}</h1>
        <p className={classes.status}>
          {!alone && !peer.deleted && t(`common:${peer.presence}`)}
          {muted && (
            <span className={classes.muted}>
              <BellOff size={13} aria-hidden="true" /> {t('muted')}
            </span>
          )}
        </p>
      </div>
      {!alone && !peer.deleted && CallButtons && <CallButtons user={peer} />}
      {!alone && (
        <Menu>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('menu')}>
              <Ellipsis size={19} aria-hidden="true" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Mute size={16} aria-hidden="true" />} onClick={() => void update({ id, muted: !muted }).then(report)}>
              {t(muted ? 'unmute' : 'mute')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </header>
  );
}
