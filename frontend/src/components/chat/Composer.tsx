import { ActionIcon, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { AtSign, Mic, Paperclip, Reply, SendHorizontal, Smile, X } from 'lucide-react';
import { type ClipboardEvent, type KeyboardEvent, lazy, type ReactNode, Suspense, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { loadDraft, saveDraft } from '@/api/drafts';
import type { Quote, File as StoredFile } from '@/api/wire.gen';
import { useAudience } from '../audience';
import { useMe } from '../hooks';
import { Markdown } from '../richtext/Markdown';
import { useNameOf } from '../useNameOf';
import { CompletionList } from './CompletionList';
import classes from './Composer.module.css';
import { EmojiButton } from './emoji/EmojiButton';
import { FormatBar } from './FormatBar';
import { sends } from './keys';
import { snippet } from './snippet';
import { UploadList } from './uploads/UploadList';
import { MAX_FILES, type Uploads } from './uploads/useUploads';
import { MAX_CHARACTERS, useWriting } from './useWriting';

const VoiceBar = lazy(() => import('./voice/VoiceBar').then(({ VoiceBar }) => ({ default: VoiceBar })));

/** What is written so far, for a button beside the one that sends. */
export interface Draft {
  body: string;
  files: StoredFile[];
  /** There is something, and no file is still on its way. */
  ready: boolean;
  clear: () => void;
}

interface ComposerProps {
  /** Whose draft this is: `channel:<id>`, `post:<id>` or `conversation:<id>`. */
  place: string;
  label: string;
  uploads: Uploads;
  /** `blobs` are files that are still on their way. */
  onSend: (body: string, files: StoredFile[], blobs: File[]) => void;
  onTyping?: () => void;
  compact?: boolean;
  autoFocus?: boolean;
  /** The entry that this one answers. */
  reply?: Quote | null;
  onCancelReply?: () => void;
  /** Arrow up in an empty field. */
  onEditLast?: () => void;
  /** Further ways of sending, such as later. */
  sendSlot?: (draft: Draft) => ReactNode;
}

/** Where one writes. Enter sends, never in the middle of an input method's composition. */
export function Composer({ place, label, uploads, onSend, onTyping, compact = false, autoFocus = false, reply = null, onCancelReply, onEditLast, sendSlot }: ComposerProps) {
  const { t } = useTranslation('chat');
  const me = useMe();
  const { people } = useAudience();
  const [text, setText] = useState(() => loadDraft(me.id, place));
  const [previewing, setPreviewing] = useState(false);
  const [speaking, setSpeaking] = useState(false);
  const [note, setNote] = useState<string | null>(null);
  const writing = useWriting(text, setText);
  const { field, stored, tooLong } = writing;
  const picker = useRef<HTMLInputElement>(null);
  const hintId = useId();
  const files = uploads.stored.filter((file) => !file.voice);
  const waits = uploads.busy && !uploads.light;
  const ready = (stored !== '' || files.length > 0 || (uploads.busy && uploads.light)) && !waits && tooLong === 0;

  useEffect(() => saveDraft(me.id, place, text), [me.id, place, text]);
  useEffect(() => {
    if (reply) field.current?.focus();
  }, [reply, field]);

  const addFiles = (added: Iterable<File>) => {
    if (!uploads.add(added)) notifications.show({ message: t('composer.tooMany', { count: MAX_FILES }), color: 'yellow' });
    field.current?.focus();
  };

  const clear = () => {
    setText('');
    setPreviewing(false);
    uploads.clear();
    field.current?.focus();
  };

  const send = () => {
    if (waits) notifications.show({ message: t('composer.waitForUploads'), autoClose: 2500 });
    if (!ready) return;
    onSend(stored, files, uploads.handOver());
    clear();
  };

  // A voice note goes by itself as soon as the server has it.
  const spoken = uploads.stored.find((file) => file.voice);
  const spokenKey = uploads.items.find((item) => item.voice && item.stored)?.key;
  useEffect(() => {
    if (!spoken || !spokenKey || note === spokenKey) return;
    setNote(spokenKey);
    uploads.remove(spokenKey);
    onSend('', [spoken], []);
  }, [spoken, spokenKey, note, uploads, onSend]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (writing.onKeyDown(event)) return;
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key === 'Escape' && !composing && reply && onCancelReply) return onCancelReply();
    if (event.key === 'ArrowUp' && !composing && text === '' && onEditLast) {
      event.preventDefault();
      return onEditLast();
    }
    if (!sends(event.nativeEvent)) return;
    event.preventDefault();
    send();
  };

  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    if (event.clipboardData.files.length === 0) return writing.props.onPaste(event);
    event.preventDefault();
    addFiles(event.clipboardData.files);
  };

  const closeVoice = () => {
    setSpeaking(false);
    requestAnimationFrame(() => field.current?.focus());
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
      {reply && <ReplyTo quote={reply} onCancel={onCancelReply} />}
      <UploadList uploads={uploads} />
      {speaking ? (
        <Suspense fallback={<div className={classes.loading} />}>
          <VoiceBar
            onClose={closeVoice}
            onSend={(recorded) => {
              uploads.add([recorded], true);
              closeVoice();
            }}
          />
        </Suspense>
      ) : (
        <>
          <div className={classes.field}>
            {!previewing && <CompletionList completion={writing.completion} />}
            {previewing && (
              <div className={classes.preview} role="region" aria-label={t('format.preview')}>
                <Markdown text={stored} />
              </div>
            )}
            <div hidden={previewing}>
              <Textarea
                {...writing.props}
                className={classes.input}
                variant="unstyled"
                aria-label={label}
                aria-describedby={hintId}
                placeholder={label}
                minRows={1}
                maxRows={compact ? 8 : 12}
                {...(autoFocus && { 'data-autofocus': true, autoFocus: true })}
                onChange={(event) => {
                  writing.props.onChange(event);
                  if (event.currentTarget.value.trim() !== '') onTyping?.();
                }}
                onKeyDown={onKeyDown}
                onPaste={onPaste}
              />
            </div>
          </div>
          <div className={classes.tools}>
            <Tool Icon={Paperclip} label={t('composer.attach')} onClick={() => picker.current?.click()} />
            <EmojiButton icon={Smile} label={t('emoji.button')} onPick={(emoji) => writing.insert(emoji)} />
            {people.size > 2 && <Tool Icon={AtSign} label={t('mention.button')} onClick={() => writing.insert(/(^|\s)$/.test(text) ? '@' : ' @')} />}
            {!compact && <FormatBar onFormat={writing.format} previewing={previewing} onPreview={setPreviewing} empty={stored === ''} />}
            <span id={hintId} className={compact ? 'visually-hidden' : classes.hint}>
              {t('composer.hint')}
            </span>
            {tooLong > 0 && (
              <span className={classes.tooLong} role="alert">
                {t('composer.tooLong', { count: tooLong })}
              </span>
            )}
            {tooLong === 0 && stored.length > MAX_CHARACTERS - 500 && <span className={classes.count}>{t('composer.left', { count: MAX_CHARACTERS - stored.length })}</span>}
            <span className={classes.end}>
              <Tool Icon={Mic} label={t('voice.record')} onClick={() => setSpeaking(true)} />
              {sendSlot?.({ body: stored, files, ready: ready && !uploads.busy, clear })}
              <ActionIcon type="submit" size={34} variant={ready ? 'filled' : 'subtle'} color={ready ? 'accent' : 'gray'} disabled={!ready} aria-label={t('composer.send')} title={t('composer.send')}>
                <SendHorizontal size={18} aria-hidden="true" />
              </ActionIcon>
            </span>
          </div>
        </>
      )}
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
    </form>
  );
}

function Tool({ Icon, label, onClick }: { Icon: typeof Mic; label: string; onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" size={32} onClick={onClick} aria-label={label} title={label}>
      <Icon size={18} aria-hidden="true" />
    </ActionIcon>
  );
}

function ReplyTo({ quote, onCancel }: { quote: Quote; onCancel: (() => void) | undefined }) {
  const { t } = useTranslation('chat');
  const nameOf = useNameOf();
  return (
    <div className={classes.reply}>
      <Reply size={16} aria-hidden="true" />
      <span className={classes.replyWords}>
        <strong>{t('composer.replyTo', { name: nameOf(quote.author) })}</strong> {snippet(quote.body)}
      </span>
      <ActionIcon variant="subtle" color="gray" size={28} onClick={onCancel} aria-label={t('composer.cancelReply')} title={t('composer.cancelReply')}>
        <X size={16} aria-hidden="true" />
      </ActionIcon>
    </div>
  );
}
