import { ActionIcon, Textarea, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Paperclip, SendHorizontal } from 'lucide-react';
import { type ClipboardEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { loadDraft, saveDraft } from '@/api/drafts';
import type { File as StoredFile } from '@/api/wire.gen';
import { useMe } from '@/components/hooks';
import classes from './Composer.module.css';
import { sends } from './keys';
import { UploadList } from './UploadList';
import { MAX_FILES, type Uploads } from './useUploads';

interface ComposerProps {
  /** Whose draft this is: `channel:<id>` or `post:<id>`. */
  place: string;
  label: string;
  uploads: Uploads;
  onSend: (body: string, files: StoredFile[]) => void;
  onTyping?: () => void;
  compact?: boolean;
  autoFocus?: boolean;
}

/** Where one writes. Enter sends, never in the middle of an input method's composition. */
export function Composer({ place, label, uploads, onSend, onTyping, compact = false, autoFocus = false }: ComposerProps) {
  const { t } = useTranslation('chat');
  const me = useMe();
  const [body, setBody] = useState(() => loadDraft(me.id, place));
  const input = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const hintId = useId();
  const ready = (body.trim() !== '' || uploads.stored.length > 0) && !uploads.busy;

  useEffect(() => saveDraft(me.id, place, body), [me.id, place, body]);

  const addFiles = (files: Iterable<File>) => {
    if (!uploads.add(files)) notifications.show({ message: t('composer.tooMany', { count: MAX_FILES }), color: 'yellow' });
    input.current?.focus();
  };

  const send = () => {
    if (uploads.busy) notifications.show({ message: t('composer.waitForUploads'), autoClose: 2500 });
    if (!ready) return;
    onSend(body.trim(), uploads.stored);
    setBody('');
    uploads.clear();
    input.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!sends(event.nativeEvent)) return;
    event.preventDefault();
    send();
  };

  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    addFiles(event.clipboardData.files);
  };

  return (
    <form
      className={classes.composer}
      data-compact={compact || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <UploadList uploads={uploads} />
      <div className={classes.row}>
        <Tooltip label={t('composer.attach')}>
          <ActionIcon variant="subtle" color="gray" size={36} onClick={() => picker.current?.click()} aria-label={t('composer.attach')}>
            <Paperclip size={19} aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          data-testid="file-input"
          onChange={(event) => {
            addFiles([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
          }}
        />
        <Textarea
          ref={input}
          className={classes.input}
          variant="unstyled"
          aria-label={label}
          aria-describedby={hintId}
          placeholder={label}
          value={body}
          maxLength={20_000}
          autosize
          minRows={1}
          maxRows={compact ? 8 : 12}
          {...(autoFocus && { 'data-autofocus': true, autoFocus: true })}
          onChange={(event) => {
            setBody(event.currentTarget.value);
            if (event.currentTarget.value.trim() !== '') onTyping?.();
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <ActionIcon type="submit" size={36} variant={ready ? 'filled' : 'subtle'} color={ready ? 'accent' : 'gray'} disabled={!ready} aria-label={t('composer.send')}>
          <SendHorizontal size={18} aria-hidden="true" />
        </ActionIcon>
      </div>
      <p id={hintId} className={compact ? 'visually-hidden' : classes.hint}>
        {t('composer.hint')}
      </p>
    </form>
  );
}
