import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useChannelsQuery } from '@/api/channels';
import { useConversationsQuery, useOpenConversationMutation } from '@/api/conversations';
import { asProblem } from '@/api/problem';
import { useSearchInfiniteQuery } from '@/api/search';
import { useMe } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import { searchable } from '@/components/searchable';
import { useListbox } from '@/components/useListbox';
import { useReport } from '@/components/useReport';
import { emptyQuery, isEmpty, operators, type Query, toParams, toRequest, unfinished, withValue } from './query';
import { forgetSearches, recentSearches, rememberSearch } from './recent';
import { addressOf, keyOf, matchingPlaces, resultRows, type Row, type RowGroup, startRows } from './rows';
import classes from './rows.module.css';
import { SearchField } from './SearchField';
import { SearchRow } from './SearchRow';
import { useCompletions } from './useCompletions';

/** The search as one types: places and people to jump to, then what was written. `children` stand at the field's end. */
export function SearchPanel({ onClose, children }: { onClose: () => void; children?: ReactNode }) {
  const { t } = useTranslation('search');
  const me = useMe();
  const navigate = useNavigate();
  const report = useReport();
  const field = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState<Query>(emptyQuery);
  const [settled, setSettled] = useState<Query>(emptyQuery);
  const [recent, setRecent] = useState(() => recentSearches(me.id));
  const [asked] = useDebouncedValue(settled, 180);
  const { data: channels = [] } = useChannelsQuery();
  const { data: conversations = [] } = useConversationsQuery();
  const [open] = useOpenConversationMutation();
  const completions = useCompletions(settled);

  const completing = unfinished(settled.text) !== null;
  const filtered = operators.some((op) => settled[op]);
  const asks = !completing && (filtered || searchable(asked.text.trim()));
  const { currentData, error, isFetching, refetch } = useSearchInfiniteQuery({ ...toRequest(asked), limit: 20 }, { skip: !asks });
  const found = currentData?.pages.flatMap((page) => page.items) ?? [];
  const waiting = asks && (isFetching || asked !== settled);

  let groups: RowGroup[];
  if (completing) groups = completions.length > 0 ? [{ name: 'completions', rows: completions.map((completion) => ({ kind: 'completion', completion })) }] : [];
  else if (isEmpty(settled)) groups = startRows(channels, conversations, recent);
  else groups = resultRows(filtered ? [] : matchingPlaces(settled.text, channels, conversations), asks ? found : []);
  const rows = groups.flatMap((group) => group.rows);

  const change = (next: Query, isSettled: boolean) => {
    setQuery(next);
    if (isSettled) setSettled(next);
  };
  const go = (path: string) => {
    if (!isEmpty(settled)) rememberSearch(me.id, settled);
    onClose();
    void navigate(path);
  };
  const talkTo = async (userId: string) => {
    const result = await open({ user_id: userId });
    if (report(result) && result.data) go(`/conversations/${result.data.id}`);
  };
  const pick = (row: Row | undefined) => {
    switch (row?.kind) {
      case 'completion':
        return change(withValue(settled, row.completion.op, row.completion.value), true);
      case 'recent':
        return change(row.query, true);
      case 'channel':
        return go(`/channels/${row.channel.id}`);
      case 'conversation':
        return go(`/conversations/${row.conversation.id}`);
      case 'all':
        return go(`/search?${toParams(settled)}`);
      case 'found': {
        const address = addressOf(row.found);
        if (address === null) void talkTo(row.found.id);
        else go(address);
      }
    }
  };
  // The first row stays chosen while results come in under it.
  const listbox = useListbox(rows.length, (at) => pick(rows[at]), JSON.stringify(settled));
  const nothing = asks && !waiting && !error && rows.every((row) => row.kind === 'all');

  const start = (op: string) => {
    change({ ...query, text: `${query.text}${query.text === '' || query.text.endsWith(' ') ? '' : ' '}${op}:` }, true);
    field.current?.focus();
  };

  let at = -1;
  return (
    <>
      <SearchField ref={field} query={query} onChange={change} busy={waiting} inputProps={listbox.inputProps}>
        {children}
      </SearchField>
      <div className={classes.list} style={{ flex: 1 }} aria-label={t('results')} {...listbox.listProps}>
        {groups.map((group) => (
          <div key={group.name} role="group" aria-labelledby={`search-${group.name}`}>
            <div id={`search-${group.name}`} className={group.name === 'all' ? 'visually-hidden' : classes.heading}>
              {t(`groups.${group.name}`)}
            </div>
            {group.rows.map((row) => {
              at += 1;
              return (
                <div key={keyOf(row)} className={classes.row} {...listbox.optionProps(at)}>
                  <SearchRow row={row} />
                </div>
              );
            })}
          </div>
        ))}
      </div>
      {error && asks && !waiting && (
        <div className={classes.status}>
          <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />
        </div>
      )}
      <p role="status" className={nothing ? classes.status : 'visually-hidden'}>
        {nothing ? t('nothing') : asks && !waiting ? t('found', { count: found.length }) : ''}
      </p>
      <div className={classes.hints}>
        {operators.map((op) => (
          <button key={op} type="button" className={classes.hint} onClick={() => start(op)}>
            {op}:
          </button>
        ))}
        {isEmpty(settled) && recent.length > 0 && (
          <button
            type="button"
            className={classes.hint}
            onClick={() => {
              forgetSearches(me.id);
              setRecent([]);
              field.current?.focus();
            }}
          >
            {t('forget')}
          </button>
        )}
      </div>
    </>
  );
}
