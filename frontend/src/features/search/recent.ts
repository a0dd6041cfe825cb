import { fromParams, isEmpty, type Query, toParams } from './query';

const MOST = 6;

function key(userId: string): string {
  return `lectern.searches.${userId}`;
}

/** A person's last searches on this device, the latest first. */
export function recentSearches(userId: string): Query[] {
  return (localStorage.getItem(key(userId)) ?? '')
    .split('\n')
    .map((line) => fromParams(new URLSearchParams(line)))
    .filter((query) => !isEmpty(query));
}

export function rememberSearch(userId: string, query: Query): void {
  if (isEmpty(query)) return;
  const line = toParams(query).toString();
  const others = recentSearches(userId)
    .map((one) => toParams(one).toString())
    .filter((one) => one !== line);
  localStorage.setItem(key(userId), [line, ...others].slice(0, MOST).join('\n'));
}

export function forgetSearches(userId: string): void {
  localStorage.removeItem(key(userId));
}
