import { Button, CopyButton, Group, Modal, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { IssuedReset } from '@/api/wire.gen';

interface ResetDialogProps {
  email: string;
  issued: IssuedReset | undefined;
  onClose: () => void;
}

/** What became of a link to set a new password: on its way by letter, or here to be handed over. */
export function ResetDialog({ email, issued, onClose }: ResetDialogProps) {
  const { t } = useTranslation('admin');
  const { t: common } = useTranslation();
  const link = issued?.link;
  return (
    <Modal opened={issued !== undefined} onClose={onClose} title={t('people.resetTitle')} closeButtonProps={{ 'aria-label': common('close') }}>
      {issued && <Text>{t(issued.mailed ? 'people.resetSent' : 'people.resetLink', { email })}</Text>}
      {link && <TextInput mt="md" readOnly value={link} aria-label={t('people.resetTitle')} onFocus={(event) => event.currentTarget.select()} />}
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={onClose}>
          {common('close')}
        </Button>
        {link && (
          <CopyButton value={link}>
            {({ copied, copy }) => <Button onClick={copy}>{t(copied ? 'people.copied' : 'people.copy')}</Button>}
          </CopyButton>
        )}
      </Group>
    </Modal>
  );
}
