import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { useRemoveMemberMutation } from '@/api/members';
import type { Channel } from '@/api/wire.gen';
import { useConfirm } from './confirm';
import { useMe } from './hooks';
import { useReport } from './useReport';

/** Leaving a channel, after a question; whoever looks at it is taken home. */
export function useLeaveChannel(): { leave: (channel: Channel) => void; dialog: ReactNode } {
  const { t } = useTranslation('channels');
  const me = useMe();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const report = useReport();
  const { ask, dialog } = useConfirm();
  const [removeMember] = useRemoveMemberMutation();

  const leave = (channel: Channel) =>
    ask({
      title: t('leaveChannel'),
      text: t('leaveChannelConfirm', { name: channel.name }),
      action: t('leaveChannel'),
      onConfirm: () =>
        void removeMember({ channelId: channel.id, userId: me.id }).then((result) => {
          if (report(result) && pathname.startsWith(`/channels/${channel.id}`)) void navigate('/');
        }),
    });
  return { leave, dialog };
}
