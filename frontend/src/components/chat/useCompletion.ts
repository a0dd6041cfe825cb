import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '@/i18n';
import { type EmojiSet, loadEmoji } from './emoji/data';
import { rememberEmoji } from './emoji/recent';
import { typeInto } from './formatting';
import { matchNames, type Named, type Query, queryAt } from './mentions';

export interface Suggestion {
  key: string;
  kind: Query['kind'];
  /** A user's id or "all"; the emoji itself. */
  id: string;
  label: string;
  insert: string;
}

export interface Completion {
  suggestions: Suggestion[];
  active: number;
  listId: string;
  optionId: (index: number) => string;
  pick: (suggestion: Suggestion) => void;
  highlight: (index: number) => void;
  /** Whether the key was meant for the list. */
  onKeyDown: (event: KeyboardEvent) => boolean;
}

/** Offers names after "@" and emoji after ":". Nothing happens to a key while an input method composes. */
export function useCompletion(field: RefObject<HTMLTextAreaElement | null>, text: string, caret: number, composing: boolean, named: Named[], myId: string): Completion {
  const listId = useId();
  const { i18n } = useTranslation();
  const language = i18n.language as Language;
  const query = composing ? null : queryAt(text, caret);
  const place = query ? `${query.kind}${query.from}` : null;
  const [dismissed, setDismissed] = useState<string | null>(null);
  const [emoji, setEmoji] = useState<EmojiSet | null>(null);
  const [chosen, setChosen] = useState({ query: '', index: 0 });

  const wantsEmoji = query?.kind === 'emoji';
  useEffect(() => {
    if (!wantsEmoji) return;
    let gone = false;
    loadEmoji(language).then((set) => !gone && setEmoji(set), () => undefined); // without a connection one writes the emoji oneself
    return () => {
      gone = true;
    };
  }, [wantsEmoji, language]);

  const suggestions = query && place !== dismissed ? suggest(query, named, myId, emoji) : [];
  const current = query ? `${place}${query.text}` : '';
  const active = chosen.query === current ? Math.min(chosen.index, suggestions.length - 1) : 0;
  const highlight = (index: number) => setChosen({ query: current, index });

  const pick = (suggestion: Suggestion) => {
    if (!field.current || !query) return;
    if (suggestion.kind === 'emoji') rememberEmoji(suggestion.id);
    typeInto(field.current, query.from, query.from + 1 + query.text.length, suggestion.insert);
  };

  const onKeyDown = (event: KeyboardEvent): boolean => {
    const { isComposing, keyCode, key } = event.nativeEvent;
    if (suggestions.length === 0 || isComposing || keyCode === 229) return false;
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false;
    const selected = suggestions[active];
    if (key === 'ArrowDown') highlight((active + 1) % suggestions.length);
    else if (key === 'ArrowUp') highlight((active + suggestions.length - 1) % suggestions.length);
    else if ((key === 'Enter' || key === 'Tab') && selected) pick(selected);
    else if (key === 'Escape') setDismissed(place);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  return { suggestions, active, listId, optionId: (index) => `${listId}-${index}`, pick, highlight, onKeyDown };
}

function suggest(query: Query, named: Named[], myId: string, emoji: EmojiSet | null): Suggestion[] {
  if (query.kind === 'mention') {
    const others = named.filter(({ id }) => id !== myId);
    return matchNames(others, query.text).map(({ id, label }) => ({ key: id, kind: 'mention', id, label, insert: `@${label} ` }));
  }
  return (emoji?.find(query.text) ?? []).map(({ emoji: one, label }) => ({ key: one, kind: 'emoji', id: one, label, insert: `${one} ` }));
}
