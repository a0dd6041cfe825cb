import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useCreateChannelMutation } from '@/api/channels';
import { newId } from '@/api/ids';
import { asProblem } from '@/api/problem';
import { ProblemNote } from '@/components/ProblemNote';
import { CheckMail, useUnverified } from '@/components/Verification';
import { useProblemWords } from '@/i18n/problems';

interface DialogProps {
  opened: boolean;
  onClose: () => void;
}

export function CreateChannelDialog({ opened, onClose }: DialogProps) {
  const { t } = useTranslation();
  const unverified = useUnverified();
  return (
    <Modal opened={opened} onClose={onClose} title={t('createChannelDialog.title')} closeButtonProps={{ 'aria-label': t('close') }}>
      {unverified ? <CheckMail /> : <CreateChannelForm onClose={onClose} />}
    </Modal>
  );
}

function CreateChannelForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { field } = useProblemWords();
  const navigate = useNavigate();
  const [createChannel, { isLoading, error }] = useCreateChannelMutation();
  const [clientId] = useState(newId);
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [missing, setMissing] = useState(false);
  const problem = error ? asProblem(error) : undefined;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setMissing(name.trim() === '');
    if (name.trim() === '') return;
    const result = await createChannel({ name: name.trim(), description: description.trim(), client_id: clientId });
    if (!result.data) return;
    onClose();
    void navigate(`/channels/${result.data.id}`);
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack>
        {problem && Object.keys(problem.errors).length === 0 && <ProblemNote problem={problem} />}
        <TextInput
          label={t('createChannelDialog.name')}
          placeholder={t('createChannelDialog.namePlaceholder')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={80}
          required
          data-autofocus
          error={missing ? t('fields.empty') : field(problem, 'name')}
        />
        <Textarea
          label={`${t('createChannelDialog.description')} (${t('optional')})`}
          placeholder={t('createChannelDialog.descriptionPlaceholder')}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          maxLength={1000}
          autosize
          minRows={2}
          maxRows={6}
          error={field(problem, 'description')}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isLoading}>
            {t('createChannelDialog.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
