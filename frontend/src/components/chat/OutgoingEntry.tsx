import { Button } from '@mantine/core';
import { CircleAlert, Clock, Paperclip } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Outgoing } from '@/api/outgoing';
import { discardEntry, retryEntry } from '@/api/postEntry';
import { useAppDispatch, useMe } from '../hooks';
import { Markdown } from '../richtext/Markdown';
import { useFormats } from '@/i18n/format';
import { useProblemWords } from '@/i18n/problems';
import { Attachments } from './Attachments';
import classes from './entry.module.css';
import { EntryFrame } from './EntryFrame';
import type { Role } from '../roles';

/** What one wrote, shown before the server has it. */
export function OutgoingEntry({ item, role, small = false }: { item: Outgoing; role: Role; small?: boolean }) {
  const { t } = useTranslation(['channels', 'common']);
  const { sentence } = useProblemWords();
  const { size } = useFormats();
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
      {item.pending.map((file) => (
        <p key={file.key} className={classes.pending}>
          <Paperclip size={14} aria-hidden="true" /> {file.name} · {size(file.size)}
        </p>
      ))}
      {!small && !failed && !waiting && (
        // As high as the button under a post, so that nothing moves when the post takes this place.
        <Button size="compact-sm" className={classes.reserved} aria-hidden="true" tabIndex={-1} disabled />
      )}
      {(failed || waiting) && (
        <div className={classes.failed} role={failed ? 'alert' : undefined} data-waiting={waiting || undefined}>
          {failed && item.problem && <span>{sentence(item.problem)}</span>}
          <Button size="compact-sm" variant={failed ? 'filled' : 'default'} onClick={() => dispatch(retryEntry(item.clientId))}>
            {t('common:retry')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => dispatch(discardEntry(item.clientId))}>
            {t(failed ? 'entry.discard' : 'common:cancel')}
          </Button>
        </div>
      )}
    </EntryFrame>
  );
}
