import { Button } from '@mantine/core';
import { CircleAlert, Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Outgoing } from '@/api/outgoing';
import { discardEntry, retryEntry } from '@/api/postEntry';
import { Attachments, PendingFiles } from '@/components/chat/Attachments';
import { useAppDispatch } from '@/components/hooks';
import { Markdown } from '@/components/richtext/Markdown';
import { useFormats } from '@/i18n/format';
import { useProblemWords } from '@/i18n/problems';
import classes from './message.module.css';
import { QuoteBlock } from './QuoteBlock';

/** What one wrote, shown before the server has it. */
export function OutgoingMessage({ item, joined }: { item: Outgoing; joined: boolean }) {
  const { t } = useTranslation(['conversations', 'common']);
  const { sentence } = useProblemWords();
  const { time } = useFormats();
  const dispatch = useAppDispatch();
  const failed = item.status === 'failed';
  const state = failed ? t('failed') : item.problem !== null ? t('waiting') : t('sending');
  const quote = item.place.kind === 'conversation' ? item.place.replyTo : undefined;
  return (
    <article className={classes.row} data-mine data-joined={joined || undefined} aria-label={t('mine', { time: time(item.createdAt) })}>
      <div className={classes.body}>
        <div className={classes.line}>
          <div className={classes.bubble} data-outgoing>
            {quote && <QuoteBlock quote={quote} conversationId={item.place.id} />}
            {item.body && <Markdown text={item.body} />}
            <Attachments files={item.files} />
            <PendingFiles files={item.pending} />
          </div>
          <span className={classes.meta} data-failed={failed || undefined} title={state}>
            {failed ? <CircleAlert size={15} aria-hidden="true" /> : <Clock size={13} aria-hidden="true" />}
            <span className={item.problem ? undefined : 'visually-hidden'}>{state}</span>
          </span>
        </div>
        {(failed || item.problem !== null) && (
          <div className={classes.failed} role={failed ? 'alert' : undefined}>
            {failed && item.problem && <span>{sentence(item.problem)}</span>}
            {failed && (
              <Button size="compact-sm" onClick={() => void dispatch(retryEntry(item.clientId))}>
                {t('common:retry')}
              </Button>
            )}
            <Button size="compact-sm" variant="default" onClick={() => dispatch(discardEntry(item.clientId))}>
              {t('discard')}
            </Button>
          </div>
        )}
      </div>
    </article>
  );
}
