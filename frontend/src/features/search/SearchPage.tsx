import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { SearchX } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useOpenConversationMutation } from '@/api/conversations';
import { asProblem } from '@/api/problem';
import { useSearchInfiniteQuery } from '@/api/search';
import type { Found, FoundKind } from '@/api/wire.gen';
import { EmptyState } from '@/components/EmptyState';
import { ProblemNote } from '@/components/ProblemNote';
import { useListbox } from '@/components/useListbox';
import { useReport } from '@/components/useReport';
import { useTitle } from '@/components/useTitle';
import { FoundRow } from './FoundRow';
import { fromParams, isEmpty, type Query, toParams, toRequest, withValue } from './query';
import { addressOf } from './rows';
import classes from './SearchPage.module.css';
import rowClasses from './rows.module.css';
import { SearchField } from './SearchField';
import { SearchRow } from './SearchRow';
import { useCompletions } from './useCompletions';

const kinds = ['post', 'comment', 'message', 'file', 'channel', 'user'] as const;

/** Everything that a search finds, by kind; the address holds the search. */
export function SearchPage() {
  const { t } = useTranslation(['search', 'common']);
  const [params, setParams] = useSearchParams();
  const asked = fromParams(params);
  const kind = kinds.find((one) => one === params.get('kind'));
  const [query, setQuery] = useState<Query>(asked);
  useTitle(asked.text || t('search'));

  const apply = useDebouncedCallback((next: Query, only: FoundKind | undefined) => {
    const address = toParams(next);
    if (only) address.set('kind', only);
    setParams(address, { replace: true });
  }, 250);
  const change = (next: Query, settled: boolean) => {
    setQuery(next);
    if (settled) apply(next, kind);
  };
  const completions = useCompletions(query);
  const listbox = useListbox(
    completions.length,
    (at) => {
      const chosen = completions[at];
      if (chosen) change(withValue(query, chosen.op, chosen.value), true);
    },
    query.text,
  );

  return (
    <div className={classes.page}>
      <h1 className="visually-hidden">{t('results')}</h1>
      <div className={classes.box}>
        <SearchField query={query} onChange={change} busy={false} inputProps={listbox.inputProps} />
        <div className={classes.completions} hidden={completions.length === 0} aria-label={t('groups.completions')} {...listbox.listProps}>
          {completions.map((completion, at) => (
            <div key={completion.value} className={rowClasses.row} {...listbox.optionProps(at)}>
              <SearchRow row={{ kind: 'completion', completion }} />
            </div>
          ))}
        </div>
      </div>
      <SegmentedControl
        className={classes.kinds}
        aria-label={t('kind')}
        value={kind ?? ''}
        onChange={(value) => {
          const next = kinds.find((one) => one === value);
          const address = toParams(query);
          if (next) address.set('kind', next);
          setParams(address, { replace: true });
        }}
        data={[{ value: '', label: t('kinds.all') }, ...kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))]}
      />
      {isEmpty(asked) ? <EmptyState icon={<SearchX size={26} />} title={t('empty.title')} text={t('empty.text')} /> : <Results query={asked} kind={kind} />}
    </div>
  );
}

function Results({ query, kind }: { query: Query; kind: FoundKind | undefined }) {
  const { t } = useTranslation(['search', 'common']);
  const { currentData, error, isFetching, hasNextPage, fetchNextPage, refetch } = useSearchInfiniteQuery({ ...toRequest(query), kind, limit: 30 });
  const found = currentData?.pages.flatMap((page) => page.items) ?? [];
  if (error) return <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />;
  if (!currentData) return [1, 2, 3, 4].map((n) => <Skeleton key={n} height={56} radius="md" mb={8} />);
  return (
    <>
      <p role="status" className="visually-hidden">
        {t('found', { count: found.length })}
      </p>
      {found.length === 0 && <EmptyState icon={<SearchX size={26} />} title={t('nothing')} text={t('nothingText')} />}
      <ul className={classes.results}>
        {found.map((one) => (
          <li key={`${one.kind}:${one.id}`}>
            <Result found={one} />
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button variant="default" loading={isFetching} className={classes.more} onClick={() => void fetchNextPage()}>
          {t('common:more')}
        </Button>
      )}
    </>
  );
}

function Result({ found }: { found: Found }) {
  const navigate = useNavigate();
  const report = useReport();
  const [open] = useOpenConversationMutation();
  const address = addressOf(found);
  if (address !== null) {
    return (
      <Link to={address} className={rowClasses.row}>
        <FoundRow found={found} />
      </Link>
    );
  }
  const talk = async () => {
    const result = await open({ user_id: found.id });
    if (report(result) && result.data) void navigate(`/conversations/${result.data.id}`);
  };
  return (
    <button type="button" className={`${rowClasses.row} ${classes.button}`} onClick={() => void talk()}>
      <FoundRow found={found} />
    </button>
  );
}
