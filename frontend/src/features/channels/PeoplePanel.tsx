import { ActionIcon, Button, Menu, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { Ellipsis, UserMinus, UserPlus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useMembersQuery, useRemoveMemberMutation, useUpdateMemberMutation } from '@/api/members';
import { asProblem } from '@/api/problem';
import type { Channel, Member } from '@/api/wire.gen';
import { useConfirm } from '@/components/confirm';
import { useMe } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import { UserAvatar } from '@/components/UserAvatar';
import { useProblemWords } from '@/i18n/problems';
import { InviteDialog } from './InviteDialog';
import classes from './PeoplePanel.module.css';
import { type Role, teaches } from '@/components/roles';

const ranks: Record<Role, number> = { owner: 0, assistant: 1, student: 2 };

/** Who belongs to the channel, who is here now, and for teachers the ways to change that. */
export function PeoplePanel({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const { t, i18n } = useTranslation('channels');
  const { data, error, isLoading, refetch } = useMembersQuery(channel.id);
  const [inviting, invite] = useDisclosure(false);
  const online = (member: Member) => (member.user.presence === 'online' ? 0 : 1);
  const sorted = [...(data ?? [])].sort(
    (a, b) => ranks[a.role] - ranks[b.role] || online(a) - online(b) || a.user.name.localeCompare(b.user.name, i18n.language),
  );
  const groups = [
    ['teachers', sorted.filter((member) => teaches(member.role))],
    ['students', sorted.filter((member) => !teaches(member.role))],
  ] as const;

  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <h2>{t('peoplePanel.title')}</h2>
        <ActionIcon variant="subtle" color="gray" onClick={onClose} aria-label={t('peoplePanel.close')}>
          <X size={18} aria-hidden="true" />
        </ActionIcon>
      </div>
      {teaches(channel.my_role) && (
        <Button variant="light" fullWidth leftSection={<UserPlus size={17} aria-hidden="true" />} onClick={invite.open} className={classes.invite}>
          {t('peoplePanel.invite')}
        </Button>
      )}
      <div className={classes.scroll}>
        {isLoading &&
          [1, 2, 3, 4].map((n) => (
            <div key={n} className={classes.person}>
              <Skeleton width={34} height={34} radius={11} />
              <Skeleton height={13} width="55%" />
            </div>
          ))}
        {error && !data && <ProblemNote problem={asProblem(error)} title={t('peoplePanel.failed')} onRetry={() => void refetch()} />}
        {groups.map(
          ([name, members]) =>
            members.length > 0 && (
              <section key={name} aria-labelledby={`people-${name}`}>
                <h3 id={`people-${name}`} className={classes.group}>
                  {t(`peoplePanel.${name}`)} <span>{members.length}</span>
                </h3>
                <ul className={classes.list}>
                  {members.map((member) => (
                    <PersonRow key={member.user.id} channel={channel} member={member} />
                  ))}
                </ul>
              </section>
            ),
        )}
      </div>
      <InviteDialog channel={channel} opened={inviting} onClose={invite.close} />
    </div>
  );
}

function PersonRow({ channel, member }: { channel: Channel; member: Member }) {
  const { t } = useTranslation(['channels', 'common']);
  const me = useMe();
  const { sentence } = useProblemWords();
  const { ask, dialog } = useConfirm();
  const [updateMember] = useUpdateMemberMutation();
  const [removeMember] = useRemoveMemberMutation();
  const { user, role } = member;
  const mine = user.id === me.id;
  const owns = channel.my_role === 'owner';
  const removable = !mine && (owns || (teaches(channel.my_role) && role === 'student'));
  const ids = { channelId: channel.id, userId: user.id };

  const report = ({ error }: { error?: unknown }) => {
    if (error) notifications.show({ color: 'red', message: sentence(asProblem(error)) });
  };

  return (
    <li className={classes.person}>
      <UserAvatar user={user} size={34} presence={user.presence} />
      <span className={classes.words}>
        <span className={classes.name} title={user.name}>
          {user.name} {mine && <span className={classes.you}>({t('common:you')})</span>}
        </span>
        {role !== 'student' && <span className={classes.role}>{t(`peoplePanel.roles.${role}`)}</span>}
      </span>
      {((owns && !mine) || removable) && (
        <Menu>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={t('peoplePanel.actionsFor', { name: user.name })}>
              <Ellipsis size={17} aria-hidden="true" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {owns &&
              (['owner', 'assistant', 'student'] as const)
                .filter((other) => other !== role)
                .map((other) => (
                  <Menu.Item key={other} onClick={() => void updateMember({ ...ids, role: other }).then(report)}>
                    {t('peoplePanel.makeRole', { role: t(`peoplePanel.roles.${other}`) })}
                  </Menu.Item>
                ))}
            {removable && (
              <Menu.Item
                color="red"
                leftSection={<UserMinus size={16} aria-hidden="true" />}
                onClick={() =>
                  ask({
                    title: t('peoplePanel.removeFromChannel'),
                    text: t('peoplePanel.removeConfirm', { name: user.name }),
                    action: t('common:remove'),
                    onConfirm: () => void removeMember(ids).then(report),
                  })
                }
              >
                {t('peoplePanel.removeFromChannel')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      {dialog}
    </li>
  );
}
