import { ActionIcon, Menu } from '@mantine/core';
import { Ellipsis, UserMinus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useUpdateMemberMutation } from '@/api/members';
import type { Channel, Member } from '@/api/wire.gen';
import { useMe } from '@/components/hooks';
import { ProfileCard } from '@/components/ProfileCard';
import { teaches } from '@/components/roles';
import { UserAvatar } from '@/components/UserAvatar';
import { useNameOf } from '@/components/useNameOf';
import { useReport } from '@/components/useReport';
import classes from './PeoplePanel.module.css';

interface PersonRowProps {
  channel: Channel;
  member: Member;
  onRemove: (member: Member) => void;
}

/** A member: who it is, how to reach them, and for teachers what may be done about it. */
export function PersonRow({ channel, member, onRemove }: PersonRowProps) {
  const { t } = useTranslation(['channels', 'common']);
  const me = useMe();
  const nameOf = useNameOf();
  const { user, role } = member;
  const mine = user.id === me.id;
  const owns = channel.my_role === 'owner' && !mine;
  const removable = !mine && (owns || (teaches(channel.my_role) && role === 'student'));
  return (
    <div className={classes.person}>
      <ProfileCard user={user} note={t(`peoplePanel.roles.${role}`)} className={classes.card ?? ''}>
        <UserAvatar user={user} size={34} presence={user.presence} />
        <span className={classes.words}>
          <span className={classes.name} title={user.name}>
            {nameOf(user)} {mine && <span className={classes.you}>({t('common:you')})</span>}
          </span>
          {role !== 'student' && <span className={classes.role}>{t(`peoplePanel.roles.${role}`)}</span>}
        </span>
      </ProfileCard>
      {!channel.archived_at && removable && <MemberMenu channel={channel} member={member} owns={owns} onRemove={() => onRemove(member)} />}
    </div>
  );
}

interface MemberMenuProps {
  channel: Channel;
  member: Member;
  owns: boolean;
  onRemove: () => void;
}

function MemberMenu({ channel, member: { user, role }, owns, onRemove }: MemberMenuProps) {
  const { t } = useTranslation('channels');
  const report = useReport();
  const [updateMember] = useUpdateMemberMutation();
  const roles = (['owner', 'assistant', 'student'] as const).filter((other) => other !== role);
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('peoplePanel.actionsFor', { name: user.name })}>
          <Ellipsis size={17} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {owns &&
          roles.map((other) => (
            <Menu.Item key={other} onClick={() => void updateMember({ channelId: channel.id, userId: user.id, role: other }).then(report)}>
              {t('peoplePanel.makeRole', { role: t(`peoplePanel.roles.${other}`) })}
            </Menu.Item>
          ))}
        <Menu.Item color="red" leftSection={<UserMinus size={16} aria-hidden="true" />} onClick={onRemove}>
          {t('peoplePanel.removeFromChannel')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
