import type { SearchRequest } from '@/api/search';
import type { Found } from '@/api/wire.gen';

/** What to search by beside words. `in`: a channel or conversation, `from`: a person, by id; `before`: a day, YYYY-MM-DD. */
export type Operator = 'from' | 'in' | 'has' | 'before';

export const operators: Operator[] = ['from', 'in', 'has', 'before'];

/** One search: words, and at most one value for each operator. */
export type Query = { text: string } & Partial<Record<Operator, string | undefined>>;

export const emptyQuery: Query = { text: '' };

export function isEmpty(query: Query): boolean {
  return query.text.trim() === '' && operators.every((op) => !query[op]);
}

/** The operator whose value is being typed at the end of a text, and where it begins. */
export function unfinished(text: string): { op: Operator; typed: string; start: number } | null {
  const match = /(?:^|\s)(from|in|has|before)[:：]([^:：]*)$/i.exec(text);
  if (!match) return null;
  const [whole, op = '', typed = ''] = match;
  return { op: op.toLowerCase() as Operator, typed: typed.trim(), start: match.index + (/^\s/.test(whole) ? 1 : 0) };
}

/** The query with an operator's value taken from its text, or replaced. */
export function withValue(query: Query, op: Operator, value: string): Query {
  const typing = unfinished(query.text);
  const text = typing ? query.text.slice(0, typing.start) : query.text;
  return { ...query, text, [op]: value };
}

export function without(query: Query, op: Operator): Query {
  return { ...query, [op]: undefined };
}

/** The operator that Backspace in an empty field takes away: the last one shown. */
export function lastOperator(query: Query): Operator | null {
  return operators.findLast((op) => query[op]) ?? null;
}

/** A day of the calendar as YYYY-MM-DD, so many days before another. */
export function dayBefore(now: Date, days: number): string {
  const date = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** A typed day, with - or / between its parts, as YYYY-MM-DD; null when there is no such day. */
export function parseDay(typed: string): string | null {
  const [, year = '', month = '', day = ''] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(typed.trim()) ?? [];
  if (year === '') return null;
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  return date.getMonth() === Number(month) - 1 && date.getDate() === Number(day) ? dayBefore(date, 0) : null;
}

/** What to ask the server; a day begins where the person is. */
export function toRequest(query: Query): SearchRequest {
  const { text, from, in: where, has, before } = query;
  return {
    q: text.trim(),
    from,
    in: where,
    has: has === 'file' ? 'file' : undefined,
    before: before ? new Date(`${before}T00:00:00`).toISOString() : undefined,
  };
}

export function toParams(query: Query): URLSearchParams {
  const params = new URLSearchParams();
  if (query.text.trim()) params.set('q', query.text.trim());
  for (const op of operators) {
    const value = query[op];
    if (value) params.set(op, value);
  }
  return params;
}

export function fromParams(params: URLSearchParams): Query {
  const query: Query = { text: params.get('q') ?? '' };
  for (const op of operators) {
    const value = params.get(op);
    if (value && (op !== 'before' || parseDay(value)) && (op !== 'has' || value === 'file')) query[op] = value;
  }
  return query;
}

/** A text cut where its matches begin and end. Matches that lie outside of it or upon each other are left out. */
export function cut(text: string, matches: number[][]): { text: string; match: boolean }[] {
  const pieces: { text: string; match: boolean }[] = [];
  let at = 0;
  for (const [from = -1, length = 0] of [...matches].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))) {
    if (from < at || length <= 0 || from + length > text.length) continue;
    if (from > at) pieces.push({ text: text.slice(at, from), match: false });
    pieces.push({ text: text.slice(from, from + length), match: true });
    at = from + length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), match: false });
  return pieces;
}

const groupOf: Record<Found['kind'], 'channels' | 'people' | 'entries' | 'messages' | 'files'> = {
  channel: 'channels',
  user: 'people',
  post: 'entries',
  comment: 'entries',
  message: 'messages',
  file: 'files',
};

export const groupNames = ['channels', 'people', 'entries', 'messages', 'files'] as const;
export type GroupName = (typeof groupNames)[number];

/** What was found by the kinds that people think in; within each as the server ranked it. */
export function grouped(found: Found[]): { name: GroupName; items: Found[] }[] {
  return groupNames.map((name) => ({ name, items: found.filter((one) => groupOf[one.kind] === name) })).filter((group) => group.items.length > 0);
}
