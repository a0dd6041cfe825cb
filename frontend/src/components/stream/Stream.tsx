import { Button, Loader } from '@mantine/core';
import { ArrowDown } from 'lucide-react';
import { type ReactNode, type Ref, type RefObject, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entry } from '@/api/entries';
import { useFormats } from '@/i18n/format';
import type { Row } from './rows';
import classes from './Stream.module.css';
import { useReading } from './useReading';
import { useRoving } from './useRoving';
import { useScrolling } from './useScrolling';
import type { StreamView } from './useStream';

export interface StreamHandle {
  /** Goes to the newest entry, from wherever one is: what one's own sending does. */
  jump: () => void;
}

interface StreamProps<T extends Entry> {
  /** Name of the list, for screen readers. */
  label: string;
  /** From rowsOf(view.items, outgoing, myId). */
  rows: Row<T>[];
  view: StreamView<T>;
  /** How far the place has been read; its end is marked as read when somebody looks at it. */
  reading: Parameters<typeof useReading>[0];
  /** One row; `marked` draws the eye to it after a link was followed. Keep it cheap: memo() what is inside. */
  children: (row: Row<T>, state: { marked: boolean; previous: Row<T> | undefined }) => ReactNode;
  /** Stands before the very first entry. */
  beginning?: ReactNode;
  /** Stands in for the list while there is nothing in it: skeletons, a problem, an invitation to write. */
  placeholder?: ReactNode;
  /** What to tell screen readers of an entry that has just come from somebody else. */
  announce?: (entry: T) => string;
  ref?: Ref<StreamHandle>;
}

/**
 * Entries from old to new, however many there are: pages come and go at both ends, and what one reads does not move. All that
 * is loaded (a few hundred at most) is in the page, so that finding in it, selecting and screen readers work as everywhere.
 */
export function Stream<T extends Entry>({ label, rows: all, view, reading, children, beginning, placeholder, announce, ref }: StreamProps<T>) {
  const { t } = useTranslation('stream');
  const { day } = useFormats();
  // What is on its way belongs behind the newest.
  const rows = view.hasNewer ? all.filter((row) => row.kind === 'entry') : all;
  const { scroller, content, atEnd, toEnd, reveal, onScroll } = useScrolling({
    complete: !view.hasNewer,
    onNearStart: () => !view.pageProblem && view.loadOlder(),
    onNearEnd: () => !view.pageProblem && view.loadNewer(),
  });
  const newSince = useReading(reading, atEnd && view.items !== undefined && !view.hasNewer);
  const jump = () => void view.loadLatest().then(() => requestAnimationFrame(toEnd));
  const roving = useRoving({ keys: rows.map((row) => row.key), onBefore: view.loadOlder, onAfter: view.loadNewer, onEnd: jump });
  const marked = useTarget(view, reveal, content);
  const words = useAnnouncements(view, rows, announce);

  useImperativeHandle(ref, () => ({ jump }));

  const firstNew = newSince === null ? undefined : rows.find((row) => row.id !== null && row.id > newSince && !row.mine)?.key;
  useOpening(rows.length > 0, firstNew, view.target !== null, scroller, reveal);

  const newest = rows.findLast((row) => row.id !== null)?.id ?? '';
  const seen = useRef(newest);
  if (atEnd) seen.current = newest;
  const below = view.hasNewer ? reading.unread : rows.filter((row) => row.id !== null && row.id > seen.current && !row.mine).length;

  let lastDay = '';
  return (
    <div className={classes.stream}>
      <span ref={roving.before} tabIndex={-1} />
      <div ref={scroller} className={classes.scroller} onScroll={onScroll} tabIndex={-1} data-testid="stream">
        <div ref={content} className={classes.content}>
          {rows.length === 0 && placeholder}
          {rows.length > 0 && (
            <>
              <div className={classes.push} />
              <Edge show={view.hasOlder} busy={view.loading === 'older'} failed={view.pageProblem !== null} label={t('older')} onClick={view.loadOlder} />
              {!view.hasOlder && beginning}
              <ol className={classes.list} aria-label={label} data-rows {...roving.handlers}>
                {rows.map((row, n) => {
                  const today = day(row.at);
                  const newDay = today !== lastDay;
                  lastDay = today;
                  return (
                    <li
                      key={row.key}
                      data-row={row.key}
                      data-id={row.id ?? undefined}
                      tabIndex={row.key === roving.active ? 0 : -1}
                      aria-posinset={n + 1}
                      aria-setsize={view.hasOlder || view.hasNewer ? -1 : rows.length}
                      className={classes.row}
                    >
                      {newDay && (
                        <div className={classes.day} data-loose>
                          {today}
                        </div>
                      )}
                      {row.key === firstNew && (
                        <div className={classes.divider} data-divider data-loose>
                          {t('newSince')}
                        </div>
                      )}
                      {children(row, { marked: marked !== null && marked === row.id, previous: newDay || row.key === firstNew ? undefined : rows[n - 1] })}
                    </li>
                  );
                })}
              </ol>
              <Edge show={view.hasNewer} busy={view.loading === 'newer'} failed={view.pageProblem !== null} label={t('newer')} onClick={view.loadNewer} />
            </>
          )}
        </div>
      </div>
      <span ref={roving.after} tabIndex={-1} />
      {!(atEnd && !view.hasNewer) && rows.length > 0 && (
        <Button
          className={classes.jump}
          radius="xl"
          size="compact-md"
          variant={below > 0 ? 'filled' : 'default'}
          leftSection={<ArrowDown size={16} aria-hidden="true" />}
          onClick={jump}
        >
          {below > 0 ? t('newBelow', { count: below }) : t('jumpToLatest')}
        </Button>
      )}
      <div aria-live="polite" className="visually-hidden">
        {words}
      </div>
    </div>
  );
}

/** An end of what is loaded: the next page comes by itself, and by this button where that failed. */
function Edge({ show, busy, failed, label, onClick }: { show: boolean; busy: boolean; failed: boolean; label: string; onClick: () => void }) {
  if (!show) return null;
  return (
    <div className={classes.edge}>
      {busy && <Loader size={18} color="gray" aria-hidden="true" />}
      {failed && !busy && (
        <Button variant="subtle" color="gray" size="compact-md" onClick={onClick}>
          {label}
        </Button>
      )}
    </div>
  );
}

/** Brings the target into view once it is here. Answers its id for as long as it is the target. */
function useTarget(view: StreamView<Entry>, reveal: (element: Element, block: ScrollLogicalPosition) => void, content: RefObject<HTMLElement | null>): string | null {
  const done = useRef<string | null>(null);
  const { target } = view;
  useLayoutEffect(() => {
    if (!target || done.current === target.key) return;
    const row = content.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(target.id)}"]`);
    if (!row) return;
    done.current = target.key;
    reveal(row, 'center');
    row.focus({ preventScroll: true });
  });
  return target?.id ?? null;
}

/** Begins at the first new entry when there is more of them than fits; otherwise at the end. */
function useOpening(
  ready: boolean,
  firstNew: string | undefined,
  targeted: boolean,
  scroller: RefObject<HTMLElement | null>,
  reveal: (element: Element, block: ScrollLogicalPosition) => void,
): void {
  const opened = useRef(false);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!ready || opened.current || !element) return;
    opened.current = true;
    if (targeted || firstNew === undefined) return;
    const divider = element.querySelector('[data-divider]');
    if (!divider) return;
    const bottom = element.scrollHeight - element.scrollTop - (divider.getBoundingClientRect().top - element.getBoundingClientRect().top);
    if (bottom > element.clientHeight) reveal(divider, 'start');
  });
}

function useAnnouncements<T extends Entry>(view: StreamView<T>, rows: Row<T>[], announce: ((entry: T) => string) | undefined): string {
  const { t } = useTranslation('stream');
  const [words, setWords] = useState('');
  const known = useRef<string | null>(null);
  const newest = view.hasNewer ? null : (view.items?.at(-1)?.id ?? null);
  useEffect(() => {
    const before = known.current;
    known.current = newest;
    if (!announce || before === null || newest === null || newest <= before) return;
    const fresh = rows.flatMap((row) => (row.kind === 'entry' && row.id > before && !row.mine ? [row.entry] : []));
    const [only] = fresh;
    if (only) setWords(fresh.length === 1 ? announce(only) : t('arrived', { count: fresh.length }));
  }, [newest, rows, announce, t]);
  return words;
}
