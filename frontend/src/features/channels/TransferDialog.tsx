import { Button, Group, Modal, Select, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTransferChannelMutation } from '@/api/channels';
import { useMembersQuery } from '@/api/members';
import { asProblem } from '@/api/problem';
import type { Channel } from '@/api/wire.gen';
import { useMe } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';

interface TransferDialogProps {
  channel: Channel;
  opened: boolean;
  onClose: () => void;
}

/** Gives the channel to another member, whose name stands on the button. */
export function TransferDialog({ channel, opened, onClose }: TransferDialogProps) {
  const { t } = useTranslation(['channels', 'common']);
  return (
    <Modal opened={opened} onClose={onClose} title={t('transfer.title')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <TransferForm channel={channel} onClose={onClose} />
    </Modal>
  );
}

function TransferForm({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const { t } = useTranslation(['channels', 'common']);
  const me = useMe();
  const { data: members = [] } = useMembersQuery(channel.id);
  const [transfer, { isLoading, error }] = useTransferChannelMutation();
  const [chosen, setChosen] = useState<string | null>(null);
  const others = members.filter(({ user }) => user.id !== me.id && !user.deleted);
  const name = others.find(({ user }) => user.id === chosen)?.user.name;

  const submit = async () => {
    if (!chosen) return;
    const result = await transfer({ id: channel.id, user_id: chosen });
    if (result.error) return;
    notifications.show({ message: t('transfer.done', { name }) });
    onClose();
  };
  return (
    <Stack>
      <p>{t('transfer.text', { name: channel.name })}</p>
      <ProblemNote problem={error ? asProblem(error) : null} />
      <Select
        label={t('transfer.to')}
        placeholder={t('transfer.choose')}
        searchable
        value={chosen}
        onChange={setChosen}
        nothingFoundMessage={t('peoplePanel.noneFound')}
        data={others.map(({ user }) => ({ value: user.id, label: user.name }))}
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button color="red" disabled={!chosen} loading={isLoading} onClick={() => void submit()}>
          {name ? t('transfer.submitTo', { name }) : t('transfer.title')}
        </Button>
      </Group>
    </Stack>
  );
}
