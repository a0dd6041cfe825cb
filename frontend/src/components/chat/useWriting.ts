import { type ClipboardEvent, type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAudience } from '../audience';
import { useMe } from '../hooks';
import { type Edit, formatOf, makeLink, type Mark, toggleMark, typeInto } from './formatting';
import { encodeMentions, type Named, namesOf } from './mentions';
import { useCompletion } from './useCompletion';

/** The server's limit, of what is stored. */
export const MAX_CHARACTERS = 20_000;

const none: Named[] = [];

/** A field for Markdown: completion, formatting keys, and what the text is when it is stored. */
export function useWriting(text: string, setText: (text: string) => void, extra: Named[] = none) {
  const { t } = useTranslation('chat');
  const me = useMe();
  const audience = useAudience();
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(text.length);
  const [composing, setComposing] = useState(false);
  const everyone = t('mention.all');
  const named = useMemo(() => {
    const here = namesOf(audience, everyone);
    return [...here, ...extra.filter(({ id }) => !here.some((one) => one.id === id))];
  }, [audience, everyone, extra]);
  const completion = useCompletion(field, text, caret, composing, named, me.id);
  const stored = useMemo(() => encodeMentions(text, named).trim(), [text, named]);

  const apply = ({ from, to, text: inserted, select }: Edit) => {
    if (!field.current) return;
    typeInto(field.current, from, to, inserted);
    field.current.setSelectionRange(...select);
  };
  const format = (mark: Mark | 'link') => {
    const { selectionStart, selectionEnd, value } = field.current ?? { selectionStart: 0, selectionEnd: 0, value: '' };
    apply(mark === 'link' ? makeLink(value, selectionStart, selectionEnd) : toggleMark(value, selectionStart, selectionEnd, mark));
  };

  return {
    field,
    stored,
    named,
    tooLong: Math.max(0, [...stored].length - MAX_CHARACTERS),
    completion,
    format,
    insert: (inserted: string) => field.current && typeInto(field.current, field.current.selectionStart, field.current.selectionEnd, inserted),
    /** Handles what is not the caller's: answers whether it did. */
    onKeyDown: (event: KeyboardEvent): boolean => {
      if (completion.onKeyDown(event)) return true;
      if (event.nativeEvent.isComposing || event.keyCode === 229) return false;
      const mark = formatOf(event);
      if (!mark) return false;
      event.preventDefault();
      format(mark);
      return true;
    },
    props: {
      ref: field,
      value: text,
      autosize: true,
      'aria-autocomplete': 'list' as const,
      'aria-controls': completion.suggestions.length > 0 ? completion.listId : undefined,
      'aria-activedescendant': completion.suggestions.length > 0 ? completion.optionId(completion.active) : undefined,
      onChange: (event: { currentTarget: HTMLTextAreaElement }) => {
        setText(event.currentTarget.value);
        setCaret(event.currentTarget.selectionStart);
      },
      onSelect: (event: { currentTarget: HTMLTextAreaElement }) => setCaret(event.currentTarget.selectionStart),
      onCompositionStart: () => setComposing(true),
      onCompositionEnd: () => setComposing(false),
      /** An address pasted over words makes them a link. */
      onPaste: (event: ClipboardEvent<HTMLTextAreaElement>) => {
        const { selectionStart, selectionEnd, value } = event.currentTarget;
        const address = event.clipboardData.getData('text/plain').trim();
        if (selectionStart === selectionEnd || !/^https?:\/\/\S+$/.test(address) || event.clipboardData.files.length > 0) return;
        event.preventDefault();
        const link = `[${value.slice(selectionStart, selectionEnd)}](${address})`;
        apply({ from: selectionStart, to: selectionEnd, text: link, select: [selectionStart + link.length, selectionStart + link.length] });
      },
    },
  };
}
