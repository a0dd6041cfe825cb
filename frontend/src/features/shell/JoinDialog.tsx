import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { inviteCode } from '@/components/inviteCode';

interface DialogProps {
  opened: boolean;
  onClose: () => void;
}

export function JoinDialog({ opened, onClose }: DialogProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const code = inviteCode(text);
    setWrong(code === null);
    if (code === null) return;
    setText('');
    onClose();
    void navigate(`/join/${encodeURIComponent(code)}`);
  };

  return (
    <Modal opened={opened} onClose={onClose} title={t('joinDialog.title')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label={t('joinDialog.label')}
            description={t('joinDialog.hint')}
            placeholder={t('joinDialog.placeholder')}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            error={wrong && t('joinDialog.notACode')}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit">{t('joinDialog.submit')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
