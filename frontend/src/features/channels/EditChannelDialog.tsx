import { Button, Group, Modal, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUpdateChannelMutation } from '@/api/channels';
import { asProblem } from '@/api/problem';
import type { Channel } from '@/api/wire.gen';
import { ProblemNote } from '@/components/ProblemNote';
import { useProblemWords } from '@/i18n/problems';

interface EditChannelDialogProps {
  channel: Channel;
  opened: boolean;
  onClose: () => void;
}

export function EditChannelDialog({ channel, opened, onClose }: EditChannelDialogProps) {
  const { t } = useTranslation(['channels', 'common']);
  return (
    <Modal opened={opened} onClose={onClose} title={t('editChannel')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <EditChannelForm channel={channel} onClose={onClose} />
    </Modal>
  );
}

function EditChannelForm({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const { t } = useTranslation(['common', 'channels']);
  const { field } = useProblemWords();
  const [updateChannel, { isLoading, error }] = useUpdateChannelMutation();
  const [name, setName] = useState(channel.name);
  const [description, setDescription] = useState(channel.description);
  const [posting, setPosting] = useState(channel.posting);
  const problem = error ? asProblem(error) : undefined;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { data } = await updateChannel({ id: channel.id, name: name.trim(), description: description.trim(), posting });
    if (data) onClose();
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack>
        {problem && Object.keys(problem.errors).length === 0 && <ProblemNote problem={problem} />}
        <TextInput
          label={t('createChannelDialog.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={80}
          data-autofocus
          error={name.trim() === '' ? t('fields.empty') : field(problem, 'name')}
        />
        <Textarea
          label={t('createChannelDialog.description')}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          maxLength={1000}
          autosize
          minRows={2}
          maxRows={6}
          error={field(problem, 'description')}
        />
        <Switch
          label={t('channels:onlyTeachersPost')}
          description={t('channels:onlyTeachersPostText')}
          checked={posting === 'teachers'}
          onChange={(event) => setPosting(event.currentTarget.checked ? 'teachers' : 'everyone')}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isLoading} disabled={name.trim() === ''}>
            {t('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
