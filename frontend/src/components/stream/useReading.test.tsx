import { act, renderHook } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { useReading } from './useReading';

const looked = { focus: true, visible: true };
const markRead = vi.fn();

/** Somebody turns to this window, or away from it. */
function look(how: Partial<typeof looked>): void {
  Object.assign(looked, how);
  window.dispatchEvent(new Event(looked.focus ? 'focus' : 'blur'));
  document.dispatchEvent(new Event('visibilitychange'));
}

function read(first: { unread: number; lastReadId: string | null; latestId: string | null; atEnd: boolean }) {
  vi.spyOn(document, 'hasFocus').mockImplementation(() => looked.focus);
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => (looked.visible ? 'visible' : 'hidden'));
  return renderHook(({ atEnd, ...marks }) => useReading({ ...marks, markRead }, atEnd), { initialProps: first });
}

afterEach(() => {
  vi.restoreAllMocks();
  markRead.mockReset();
  Object.assign(looked, { focus: true, visible: true });
});

test('nothing is read in a window that is hidden, that has not the focus, or away from the end; then once', () => {
  Object.assign(looked, { focus: false, visible: false });
  const { rerender } = read({ unread: 2, lastReadId: 'a', latestId: 'c', atEnd: true });
  act(() => look({ visible: true })); // beside another window
  act(() => look({ focus: true, visible: false }));
  rerender({ unread: 2, lastReadId: 'a', latestId: 'c', atEnd: false });
  act(() => look({ visible: true }));
  expect(markRead).not.toHaveBeenCalled();
  rerender({ unread: 2, lastReadId: 'a', latestId: 'c', atEnd: true });
  expect(markRead.mock.calls).toEqual([['c']]);
  rerender({ unread: 3, lastReadId: 'a', latestId: 'd', atEnd: true });
  expect(markRead.mock.calls).toEqual([['c'], ['d']]);
});

test('what is new begins in one place while one reads, and moves on when one was away', () => {
  const { result, rerender } = read({ unread: 1, lastReadId: 'a', latestId: 'b', atEnd: true });
  rerender({ unread: 0, lastReadId: 'b', latestId: 'b', atEnd: true });
  rerender({ unread: 1, lastReadId: 'b', latestId: 'c', atEnd: true });
  rerender({ unread: 0, lastReadId: 'c', latestId: 'c', atEnd: true });
  expect(result.current).toBe('a');
  act(() => look({ focus: false }));
  expect(result.current).toBe('c');
  rerender({ unread: 1, lastReadId: 'c', latestId: 'd', atEnd: true });
  act(() => look({ focus: true }));
  expect(result.current).toBe('c');
});
