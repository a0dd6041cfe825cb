import { Button, Group, Modal, PasswordInput, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deleteMe } from '@/api/account';
import type { Problem } from '@/api/problem';
import { signedOut } from '@/api/session';
import { useAppDispatch } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import { useProblemWords } from '@/i18n/problems';

interface DialogProps {
  opened: boolean;
  onClose: () => void;
}

export function DeleteAccountDialog({ opened, onClose }: DialogProps) {
  const { t } = useTranslation(['settings', 'common']);
  return (
    <Modal opened={opened} onClose={onClose} title={t('data.deleteTitle')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <DeleteAccountForm onClose={onClose} />
    </Modal>
  );
}

function DeleteAccountForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const { field } = useProblemWords();
  const dispatch = useAppDispatch();
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const result = await deleteMe({ password });
    if (result === null) return void dispatch(signedOut('deleted'));
    setBusy(false);
    setProblem(result);
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack>
        <p>{t('data.goes')}</p>
        <p>{t('data.stays')}</p>
        {problem && Object.keys(problem.errors).length === 0 && <ProblemNote problem={problem} />}
        <PasswordInput
          label={t('data.deletePassword')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          maxLength={256}
          data-autofocus
          error={field(problem ?? undefined, 'password')}
          visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" color="red" loading={busy} disabled={password === ''}>
            {t('data.delete')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
