import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { ProblemNote } from '@/components/ProblemNote';
import classes from './AdminPage.module.css';

interface PagedQuery<T> {
  data?: { pages: { items: T[] }[] } | undefined;
  error?: unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
}

interface PagedProps<T> {
  query: PagedQuery<T>;
  empty: string;
  children: (items: T[]) => ReactNode;
}

/** The rows read so far and the button for more; waiting, failure and emptiness in their place. */
export function Paged<T>({ query, empty, children }: PagedProps<T>) {
  const { t } = useTranslation();
  const items = query.data?.pages.flatMap((page) => page.items);
  const problem = query.error ? asProblem(query.error) : null;
  if (!items && problem) return <ProblemNote problem={problem} onRetry={() => query.refetch()} />;
  if (!items) return [1, 2, 3, 4].map((row) => <Skeleton key={row} height={44} my={8} />);
  if (items.length === 0) return <p className={classes.empty}>{empty}</p>;
  return (
    <>
      {children(items)}
      <ProblemNote problem={problem} />
      {query.hasNextPage && (
        <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </>
  );
}
