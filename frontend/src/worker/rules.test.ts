import { expect, test } from 'vitest';
import { bypassed, isLookedAt, kept, placeOf, windowFor } from './rules';

test.each(['/api/v1/me', '/api/v1/files/1/content', '/ws', '/swagger/index.html', '/metrics', '/healthz', '/readyz', '/worker.js'])('%s is the server’s', (path) => {
  expect(bypassed(path)).toBe(true);
});

test.each(['/', '/channels/1', '/assets/a.js', '/apiary', '/wsx'])('%s is the app’s', (path) => {
  expect(bypassed(path)).toBe(false);
});

test('only the files of the app are kept', () => {
  for (const path of ['/assets/index-abc.js', '/icon.svg', '/icon-192.png', '/manifest.webmanifest', '/scheme.js']) expect(kept(path)).toBe(true);
  for (const path of ['/channels/1', '/', '/api/v1/me', '/robots.txt']) expect(kept(path)).toBe(false);
});

test('a place is named by its address', () => {
  expect(placeOf('/channels/c1?post=p1')).toBe('channel:c1');
  expect(placeOf('/conversations/d1')).toBe('conversation:d1');
  expect(placeOf('/calls')).toBeNull();
});

const view = (path: string, focused = false) => ({ url: `https://school.test${path}`, focused });

test('no notification of what somebody looks at', () => {
  expect(isLookedAt('/channels/c1?post=p1', [view('/channels/c1', true)])).toBe(true);
  expect(isLookedAt('/channels/c1?post=p1', [view('/channels/c1'), view('/channels/c2', true)])).toBe(false);
  expect(isLookedAt('/settings', [view('/settings', true)])).toBe(false); // no place where entries are read
});

test('a notification opens in the window that is meant', () => {
  const here = view('/conversations/d1');
  const focused = view('/settings', true);
  expect(windowFor('/conversations/d1?message=m1', [view('/channels/c1'), here])).toBe(here);
  expect(windowFor('/conversations/d1?message=m1', [here, focused])).toBe(focused);
  expect(windowFor('/conversations/d1', [])).toBeUndefined();
});

test('a click on a notification takes nobody out of a meeting', () => {
  const meeting = view('/meeting/m1', true);
  const other = view('/channels/c1');
  expect(windowFor('/conversations/d1', [meeting])).toBeUndefined();
  expect(windowFor('/conversations/d1', [meeting, other])).toBe(other);
});
