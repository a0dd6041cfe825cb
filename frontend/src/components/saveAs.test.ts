import { afterEach, expect, test, vi } from 'vitest';
import { saveAs } from './saveAs';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('what is saved can still be fetched when the browser begins later than the click', () => {
  vi.useFakeTimers();
  const revoke = vi.fn();
  Object.assign(URL, { createObjectURL: () => 'blob:homework', revokeObjectURL: revoke });
  const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
  saveAs('homework.txt', new Blob(['done']));
  expect(clicked).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(10_000);
  expect(revoke).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(revoke).toHaveBeenCalledExactlyOnceWith('blob:homework');
});
