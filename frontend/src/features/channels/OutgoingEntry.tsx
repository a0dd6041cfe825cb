import { Button } from '@mantine/core';
import { CircleAlert, Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { discardEntry, type Outgoing, retryEntry } from '@/api/outbox';
import { useAppDispatch, useMe } from '@/components/hooks';
import { Markdown } from '@/components/richtext/Markdown';
import { useProblemWords } from '@/i18n/problems';
import { Attachments } from '@/components/chat/Attachments';
import classes from './PostCard.module.css';
import { EntryFrame } from '@/components/chat/EntryFrame';
import type { Role } from '@/components/roles';

/** What one wrote, shown before the server has it. */
export function OutgoingEntry({ item, role, small = false }: { item: Outgoing; role: Role; small?: boolean }) {
  const { t } = useTranslation(['channels', 'common']);
  const { sentence } = useProblemWords();
  const me = useMe();
  const dispatch = useAppDispatch();
  const failed = item.status === 'failed';
  const waiting = item.status === 'waiting' && item.problem !== null;
  return (
    <EntryFrame
      author={me}
      role={role}
      createdAt={item.createdAt}
      small={small}
      marks={
        <span className={classes.mark} data-failed={failed || undefined}>
          {failed ? <CircleAlert size={14} aria-hidden="true" /> : <Clock size={13} aria-hidden="true" />}
          {failed ? t('entry.failed') : waiting ? t('entry.waiting') : t('entry.sending')}
        </span>
      }
    >
      {item.body && <Markdown text={item.body} />}
      <Attachments files={item.files} />
      {failed && (
        <div className={classes.failed} role="alert">
          {item.problem && <span>{sentence(item.problem)}</span>}
          <Button size="compact-sm" onClick={() => void dispatch(retryEntry(item.clientId))}>
            {t('common:retry')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => dispatch(discardEntry(item.clientId))}>
            {t('entry.discard')}
          </Button>
        </div>
      )}
    </EntryFrame>
  );
}
