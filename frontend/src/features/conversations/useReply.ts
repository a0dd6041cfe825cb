import { useState } from 'react';
import { loadDraft, saveDraft } from '@/api/drafts';
import type { Message, Quote } from '@/api/wire.gen';
import { useMe } from '@/components/hooks';
import { snippet } from '@/components/chat/snippet';

/** The message that one is answering; it is part of the draft and comes back with it. */
export function useReply(conversationId: string): [Quote | null, (message: Message | null) => void] {
  const me = useMe();
  const place = `conversation:${conversationId}:reply`;
  const [reply, setReply] = useState<Quote | null>(() => read(loadDraft(me.id, place)));
  const answer = (message: Message | null) => {
    const quote = message && { id: message.id, author: message.author, body: snippet(message.body), files: message.files.length };
    setReply(quote);
    saveDraft(me.id, place, quote ? JSON.stringify(quote) : '');
  };
  return [reply, answer];
}

function read(stored: string): Quote | null {
  try {
    const quote: unknown = JSON.parse(stored);
    return typeof quote === 'object' && quote !== null && 'id' in quote && 'author' in quote ? (quote as Quote) : null;
  } catch {
    return null;
  }
}
