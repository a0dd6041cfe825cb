import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useChannelsQuery } from '@/api/channels';
import { useConversationsQuery } from '@/api/conversations';
import { useProfileQuery } from '@/api/members';
import { useNameOf } from '@/components/useNameOf';
import { useFormats } from '@/i18n/format';
import type { Operator } from './query';
import classes from './SearchField.module.css';

interface OperatorChipProps {
  op: Operator;
  value: string;
  onRemove?: () => void;
}

/** "from: Hao": an operator with its value in words. */
export function OperatorChip({ op, value, onRemove }: OperatorChipProps) {
  const { t } = useTranslation('search');
  const words = useValueWords(op, value);
  return (
    <span className={classes.chip}>
      <span className={classes.op}>{t(`operators.${op}`)}</span> {words}
      {onRemove && (
        <button type="button" className={classes.remove} onClick={onRemove} aria-label={t('removeFilter', { filter: `${t(`operators.${op}`)} ${words}` })}>
          <X size={13} aria-hidden="true" />
        </button>
      )}
    </span>
  );
}

function useValueWords(op: Operator, value: string): string {
  const { t } = useTranslation('search');
  const nameOf = useNameOf();
  const { day } = useFormats();
  const { data: channels } = useChannelsQuery(undefined, { skip: op !== 'in' });
  const { data: conversations } = useConversationsQuery(undefined, { skip: op !== 'in' });
  const { data: person } = useProfileQuery(value, { skip: op !== 'from' });
  if (op === 'has') return t('hasFile');
  if (op === 'before') return day(`${value}T00:00:00`);
  if (op === 'from') return person ? nameOf(person) : '…';
  const peer = conversations?.find((one) => one.id === value)?.peer;
  return channels?.find((one) => one.id === value)?.name ?? (peer ? nameOf(peer) : '…');
}
