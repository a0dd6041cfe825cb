import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Activity, AWAY_MS } from './activity';

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => vi.useRealTimers());

test('five minutes without a touch are away, a touch is back', () => {
  const changed = vi.fn();
  const activity = new Activity(changed);
  vi.advanceTimersByTime(AWAY_MS - 1);
  expect(changed).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(changed).toHaveBeenLastCalledWith(true);
  window.dispatchEvent(new Event('pointermove'));
  expect(changed).toHaveBeenLastCalledWith(false);
  activity.close();
});

test('a touch in another window counts', () => {
  const changed = vi.fn();
  const activity = new Activity(changed);
  vi.advanceTimersByTime(AWAY_MS - 1000);
  localStorage.setItem('lectern.active', String(Date.now()));
  vi.advanceTimersByTime(2000);
  expect(changed).not.toHaveBeenCalled();
  vi.advanceTimersByTime(AWAY_MS);
  expect(changed).toHaveBeenLastCalledWith(true);
  localStorage.setItem('lectern.active', String(Date.now()));
  window.dispatchEvent(new StorageEvent('storage', { key: 'lectern.active' }));
  expect(changed).toHaveBeenLastCalledWith(false);
  activity.close();
});
