import { Button, Group, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem, type Problem } from '@/api/problem';
import { useAudience } from '../audience';
import { ProblemNote } from '../ProblemNote';
import { CompletionList } from './CompletionList';
import { sends } from './keys';
import { decodeMentions, namesOf } from './mentions';
import { useWriting } from './useWriting';

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
  const audience = useAudience();
  const [{ text: start, named }] = useState(() => decodeMentions(body, namesOf(audience, t('mention.all'))));
  const [text, setText] = useState(start);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const writing = useWriting(text, setText, named);
  const refused = (writing.stored === '' && !hasFiles) || writing.tooLong > 0;

  const save = async () => {
    if (refused) return;
    if (writing.stored === body) return onClose();
    setSaving(true);
    const { error } = await onSave(writing.stored);
    setSaving(false);
    if (error) setProblem(asProblem(error));
    else onClose();
  };

  return (
    <div style={{ position: 'relative' }}>
      <CompletionList completion={writing.completion} />
      <Textarea
        {...writing.props}
        aria-label={t('composer.edit')}
        onKeyDown={(event) => {
          if (writing.onKeyDown(event)) return;
          if (event.key === 'Escape' && !event.nativeEvent.isComposing) onClose();
          if (!sends(event.nativeEvent)) return;
          event.preventDefault();
          void save();
        }}
        maxRows={16}
        autoFocus
        mb="xs"
        error={writing.tooLong > 0 && t('composer.tooLong', { count: writing.tooLong })}
      />
      <ProblemNote problem={problem} />
      <Group gap="xs" mt="xs">
        <Button size="compact-sm" onClick={() => void save()} loading={saving} disabled={refused}>
          {t('common:save')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
      </Group>
    </div>
  );
}
