import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Quote } from '@/api/wire.gen';
import { snippet } from '@/components/chat/snippet';
import { useNameOf } from '@/components/useNameOf';
import classes from './message.module.css';

/** What a message answers; a press goes there. */
export function QuoteBlock({ quote, conversationId }: { quote: Quote; conversationId: string }) {
  const { t } = useTranslation('conversations');
  const nameOf = useNameOf();
  if (quote.deleted) return <div className={classes.quote}>{t('quoteGone')}</div>;
  const words = snippet(quote.body) || t('files', { count: quote.files });
  return (
    <Link className={classes.quote} to={`/conversations/${conversationId}?message=${quote.id}`} replace aria-label={`${t('showQuoted', { name: nameOf(quote.author) })}: ${words}`}>
      <strong>{nameOf(quote.author)}</strong>
      <span>{words}</span>
    </Link>
  );
}
