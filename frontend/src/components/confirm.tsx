import { Button, Group, Modal, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface Question {
  title: string;
  text: string;
  /** The verb on the button. */
  action: string;
  onConfirm: () => void;
}

/** A question before something that cannot be undone: `ask` opens it, `dialog` is rendered by the caller. */
export function useConfirm(): { ask: (question: Question) => void; dialog: ReactNode } {
  const { t } = useTranslation();
  const [question, setQuestion] = useState<Question | null>(null);
  const [opened, setOpened] = useState(false);
  const dialog = (
    <Modal opened={opened} onClose={() => setOpened(false)} title={question?.title} closeButtonProps={{ 'aria-label': t('close') }}>
      <Text>{question?.text}</Text>
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={() => setOpened(false)} data-autofocus>
          {t('cancel')}
        </Button>
        <Button
          color="red"
          onClick={() => {
            setOpened(false);
            question?.onConfirm();
          }}
        >
          {question?.action}
        </Button>
      </Group>
    </Modal>
  );
  return {
    ask: (next) => {
      setQuestion(next);
      setOpened(true);
    },
    dialog,
  };
}
