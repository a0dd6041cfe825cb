import { expect, test } from 'vitest';
import { photoFault } from './photoFault';

test.each([
  ['image/png', 1000, null],
  ['image/webp', 10 * 1024 * 1024, null],
  ['image/jpeg', 10 * 1024 * 1024 + 1, 'tooLarge'],
  ['image/svg+xml', 1000, 'notAPicture'],
  ['', 1000, 'notAPicture'],
] as const)('%s of %d bytes: %s', (type, size, fault) => {
  expect(photoFault({ type, size })).toBe(fault);
});
