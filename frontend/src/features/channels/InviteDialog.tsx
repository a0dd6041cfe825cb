import { Button, CopyButton, Divider, Group, Modal, Select, Skeleton, Stack } from '@mantine/core';
import { Check, Copy, Link2, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCreateInviteMutation, useDeleteInviteMutation, useInvitesQuery, useRotateInvitesMutation } from '@/api/invites';
import { asProblem } from '@/api/problem';
import type { Channel, Invite } from '@/api/wire.gen';
import { useConfirm } from '@/components/confirm';
import { ProblemNote } from '@/components/ProblemNote';
import { useFormats } from '@/i18n/format';
import { AddPerson } from './AddPerson';
import classes from './PeoplePanel.module.css';

const DAY_MS = 86_400_000;

interface InviteDialogProps {
  channel: Channel;
  opened: boolean;
  onClose: () => void;
}

/** The two ways in: a link to hand out, or adding somebody who has an account. */
export function InviteDialog({ channel, opened, onClose }: InviteDialogProps) {
  const { t } = useTranslation(['channels', 'common']);
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title={t('invite.title', { name: channel.name })} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <Stack>
        <Links channel={channel} />
        <Divider />
        <AddPerson channel={channel} />
      </Stack>
    </Modal>
  );
}

function Links({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const { data: invites, error, isLoading, refetch } = useInvitesQuery(channel.id);
  const [createInvite, creating] = useCreateInviteMutation();
  const [rotate, rotating] = useRotateInvitesMutation();
  const { ask, dialog } = useConfirm();
  const [days, setDays] = useState('');
  const [uses, setUses] = useState('');

  const limits = () => ({
    channelId: channel.id,
    ...(days && { expires_at: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }),
    ...(uses && { max_uses: Number(uses) }),
  });
  const replaceAll = () =>
    ask({
      title: t('invite.rotate'),
      text: t('invite.rotateText'),
      action: t('invite.rotate'),
      onConfirm: () => void rotate(limits()),
    });
  const problem = creating.error ?? rotating.error;

  return (
    <Stack gap="sm">
      <p>{t('invite.text')}</p>
      {isLoading && <Skeleton height={84} radius="md" />}
      {error && !invites && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
      {invites?.length === 0 && <p style={{ color: 'var(--ink-soft)' }}>{t('invite.none')}</p>}
      {invites?.map((invite) => (
        <InviteRow key={invite.code} invite={invite} channelId={channel.id} />
      ))}
      {problem && <ProblemNote problem={asProblem(problem)} />}
      <Group align="flex-end" gap="sm">
        <Select
          label={t('invite.expires')}
          w={140}
          allowDeselect={false}
          value={days}
          onChange={(value) => setDays(value ?? '')}
          data={[{ value: '', label: t('invite.never') }, ...[1, 7, 30].map((n) => ({ value: String(n), label: t('invite.inDays', { count: n }) }))]}
        />
        <Select
          label={t('invite.maxUses')}
          w={130}
          allowDeselect={false}
          value={uses}
          onChange={(value) => setUses(value ?? '')}
          data={[{ value: '', label: t('invite.unlimited') }, ...['1', '10', '50', '100']]}
        />
        <Button leftSection={<Link2 size={17} aria-hidden="true" />} loading={creating.isLoading} onClick={() => void createInvite(limits())}>
          {t('invite.create')}
        </Button>
        {invites && invites.length > 0 && (
          <Button variant="default" leftSection={<RefreshCw size={16} aria-hidden="true" />} loading={rotating.isLoading} onClick={replaceAll}>
            {t('invite.rotate')}
          </Button>
        )}
      </Group>
      {dialog}
    </Stack>
  );
}

function InviteRow({ invite, channelId }: { invite: Invite; channelId: string }) {
  const { t } = useTranslation(['channels', 'common']);
  const { day, time } = useFormats();
  const [withdraw, { isLoading, error }] = useDeleteInviteMutation();
  const used =
    invite.max_uses === null ? t('invite.used', { count: invite.uses }) : t('invite.usedOf', { count: invite.uses, max: invite.max_uses });
  const expired = invite.expires_at !== null && Date.parse(invite.expires_at) < Date.now();
  const spent = invite.max_uses !== null && invite.uses >= invite.max_uses;
  const until = invite.expires_at && !expired && t('invite.until', { when: `${day(invite.expires_at)} ${time(invite.expires_at)}` });
  const state = expired ? t('invite.expired') : spent ? t('invite.spent') : until;
  return (
    <div className={classes.inviteRow} data-dead={expired || spent || undefined}>
      <span className={classes.code}>{invite.url}</span>
      <span className={classes.meta}>{[used, state].filter(Boolean).join(' · ')}</span>
      <CopyButton value={invite.url}>
        {({ copied, copy }) => (
          <Button
            size="compact-sm"
            variant="light"
            onClick={copy}
            leftSection={copied ? <Check size={15} aria-hidden="true" /> : <Copy size={15} aria-hidden="true" />}
          >
            {copied ? t('common:copied') : t('invite.copyLink')}
          </Button>
        )}
      </CopyButton>
      <CopyButton value={invite.code}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="default" onClick={copy}>
            {copied ? t('common:copied') : t('invite.copyCode')}
          </Button>
        )}
      </CopyButton>
      <Button size="compact-sm" variant="subtle" color="red" loading={isLoading} onClick={() => void withdraw({ channelId, code: invite.code })}>
        {t('invite.withdraw')}
      </Button>
      {error && <ProblemNote problem={asProblem(error)} />}
    </div>
  );
}
