import { Button, Group, Modal, Text } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
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
  // It is made at the first question, and opened then: a list has one for every row.
  useEffect(() => {
    if (question) setOpened(true);
  }, [question]);
  const dialog = question && (
    <Modal opened={opened} onClose={() => setOpened(false)} title={question.title} closeButtonProps={{ 'aria-label': t('close') }}>
      <Text>{question.text}</Text>
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={() => setOpened(false)} data-autofocus>
          {t('cancel')}
        </Button>
        <Button
          color="red"
          onClick={() => {
            setOpened(false);
            question.onConfirm();
          }}
        >
          {question.action}
        </Button>
      </Group>
    </Modal>
  );
  return { ask: setQuestion, dialog };
}
