import { ActionIcon, Button, SegmentedControl, Skeleton, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Search, UserPlus, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Virtualizer } from 'virtua';
import { useMembersQuery, useRemoveMemberMutation } from '@/api/members';
import { asProblem } from '@/api/problem';
import type { Channel, Member } from '@/api/wire.gen';
import { useConfirm } from '@/components/confirm';
import { ProblemNote } from '@/components/ProblemNote';
import { teaches } from '@/components/roles';
import { useReport } from '@/components/useReport';
import { InviteDialog } from './InviteDialog';
import classes from './PeoplePanel.module.css';
import { PersonRow } from './PersonRow';
import { peopleRows, type RoleFilter } from './people';

/** From how many people on they are searched rather than looked through. */
const MANY = 12;
const filters = ['all', 'teachers', 'students'] as const;

/** Who belongs to the channel, who is here now, and for teachers the ways to change that. */
export function PeoplePanel({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const { t, i18n } = useTranslation(['channels', 'common']);
  const { data: members, error, isLoading, refetch } = useMembersQuery(channel.id);
  const report = useReport();
  const { ask, dialog } = useConfirm();
  const [removeMember] = useRemoveMemberMutation();
  const [inviting, invite] = useDisclosure(false);
  const [text, setText] = useState('');
  const [filter, setFilter] = useState<RoleFilter>('all');
  const scroller = useRef<HTMLDivElement>(null);
  const many = (members?.length ?? 0) >= MANY;
  const rows = peopleRows(members ?? [], text, filter, i18n.language);

  const remove = ({ user }: Member) =>
    ask({
      title: t('peoplePanel.removeFromChannel'),
      text: t('peoplePanel.removeConfirm', { name: user.name }),
      action: t('common:remove'),
      onConfirm: () => void removeMember({ channelId: channel.id, userId: user.id }).then(report),
    });

  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <h2>{t('peoplePanel.title')}</h2>
        <ActionIcon variant="subtle" color="gray" onClick={onClose} aria-label={t('peoplePanel.close')}>
          <X size={18} aria-hidden="true" />
        </ActionIcon>
      </div>
      {teaches(channel.my_role) && !channel.archived_at && (
        <Button variant="light" leftSection={<UserPlus size={17} aria-hidden="true" />} onClick={invite.open} className={classes.invite}>
          {t('peoplePanel.invite')}
        </Button>
      )}
      {many && (
        <div className={classes.tools}>
          <TextInput
            size="sm"
            aria-label={t('peoplePanel.find')}
            placeholder={t('peoplePanel.find')}
            leftSection={<Search size={15} aria-hidden="true" />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
          />
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={t('peoplePanel.roleFilter')}
            value={filter}
            onChange={(value) => setFilter(value as RoleFilter)}
            data={filters.map((value) => ({ value, label: t(`peoplePanel.${value}`) }))}
          />
        </div>
      )}
      <div ref={scroller} className={classes.scroll}>
        {isLoading &&
          [1, 2, 3, 4].map((n) => (
            <div key={n} className={classes.person}>
              <Skeleton width={34} height={34} radius={11} />
              <Skeleton height={13} width="55%" />
            </div>
          ))}
        {error && !members && <ProblemNote problem={asProblem(error)} title={t('peoplePanel.failed')} onRetry={() => void refetch()} />}
        <p role="status" className={rows.length === 0 && members ? classes.nobody : 'visually-hidden'}>
          {members && rows.length === 0 ? t('peoplePanel.noneFound') : ''}
        </p>
        <Virtualizer as="ul" item="li" scrollRef={scroller} itemSize={46}>
          {rows.map((row) =>
            row.kind === 'heading' ? (
              <h3 key={row.name} className={classes.group}>
                {t(`peoplePanel.${row.name}`)} <span>{row.count}</span>
              </h3>
            ) : (
              <PersonRow key={row.member.user.id} channel={channel} member={row.member} onRemove={remove} />
            ),
          )}
        </Virtualizer>
      </div>
      <InviteDialog channel={channel} opened={inviting} onClose={invite.close} />
      {dialog}
    </div>
  );
}
