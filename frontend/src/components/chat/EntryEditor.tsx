import { Button, Group, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem, type Problem } from '@/api/problem';
import { ProblemNote } from '@/components/ProblemNote';
import { sends } from './keys';

interface EntryEditorProps {
  body: string;
  /** With files the text may be empty. */
  hasFiles: boolean;
  onSave: (body: string) => Promise<{ error?: unknown }>;
  onClose: () => void;
}

/** Changes the text of an entry in its place. Escape gives up. */
export function EntryEditor({ body, hasFiles, onSave, onClose }: EntryEditorProps) {
  const { t } = useTranslation(['chat', 'common']);
  const [text, setText] = useState(body);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const empty = text.trim() === '' && !hasFiles;

  const save = async () => {
    if (empty) return;
    if (text.trim() === body) return onClose();
    setSaving(true);
    const { error } = await onSave(text.trim());
    setSaving(false);
    if (error) setProblem(asProblem(error));
    else onClose();
  };

  return (
    <div>
      <Textarea
        aria-label={t('composer.edit')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && !event.nativeEvent.isComposing) onClose();
          if (!sends(event.nativeEvent)) return;
          event.preventDefault();
          void save();
        }}
        maxLength={20_000}
        autosize
        maxRows={16}
        autoFocus
        mb="xs"
      />
      <ProblemNote problem={problem} />
      <Group gap="xs" mt="xs">
        <Button size="compact-sm" onClick={() => void save()} loading={saving} disabled={empty}>
          {t('common:save')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
      </Group>
    </div>
  );
}
