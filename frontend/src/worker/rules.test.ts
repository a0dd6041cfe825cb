import { expect, test } from 'vitest';
import { bypassed, kept, placeOf } from './rules';

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
