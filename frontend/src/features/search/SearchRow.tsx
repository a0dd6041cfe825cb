import { CalendarDays, Hash, History, Paperclip, Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { UserAvatar } from '@/components/UserAvatar';
import { useNameOf } from '@/components/useNameOf';
import { FoundRow, PlainRow } from './FoundRow';
import { OperatorChip } from './OperatorChip';
import { operators } from './query';
import type { Row } from './rows';
import classes from './rows.module.css';

/** What a row of the dialog shows. */
export function SearchRow({ row }: { row: Row }) {
  const { t } = useTranslation(['search', 'common']);
  const nameOf = useNameOf();
  switch (row.kind) {
    case 'found':
      return <FoundRow found={row.found} />;
    case 'channel':
      return <PlainRow icon={<Hash size={17} aria-hidden="true" />} name={row.channel.name} note={row.channel.archived_at ? t('archived') : ''} />;
    case 'conversation': {
      const { peer } = row.conversation;
      return <PlainRow icon={<UserAvatar user={peer} size={26} presence={peer.presence} />} name={nameOf(peer)} />;
    }
    case 'completion': {
      const { op, label, person } = row.completion;
      const Icon = op === 'before' ? CalendarDays : op === 'has' ? Paperclip : Hash;
      return <PlainRow icon={person ? <UserAvatar user={person} size={26} /> : <Icon size={17} aria-hidden="true" />} name={label} />;
    }
    case 'recent':
      return (
        <PlainRow
          icon={<History size={17} aria-hidden="true" />}
          name={
            <span className={classes.recent}>
              {operators.map((op) => {
                const value = row.query[op];
                return value && <OperatorChip key={op} op={op} value={value} />;
              })}
              {row.query.text}
            </span>
          }
        />
      );
    case 'all':
      return <PlainRow icon={<Search size={17} aria-hidden="true" />} name={t('allResults')} />;
  }
}
