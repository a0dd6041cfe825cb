import { expect, test } from 'vitest';
import { curvePath, worstMoments } from './curve';

test('nobody lost, or a length that is not known: no curve', () => {
  expect(curvePath({ bucket_s: 5, buckets: [] }, 100)).toBe('');
  expect(curvePath({ bucket_s: 5, buckets: [{ t: 5, n: 2 }] }, 0)).toBe('');
});

test('one tap is a small hill over its bucket', () => {
  expect(curvePath({ bucket_s: 10, buckets: [{ t: 40, n: 1 }] }, 100)).toBe('M350,100L450,75L550,100Z');
});

test('neighbours make one hill, far ones two, and the highest reaches the top', () => {
  const path = curvePath({ bucket_s: 5, buckets: [{ t: 5, n: 8 }, { t: 0, n: 2 }, { t: 80, n: 1 }] }, 100);
  expect(path.match(/M/g)).toHaveLength(2);
  expect(path).toContain('L75,0');
});

test('what lies past the end is left out, the last bucket stays inside', () => {
  expect(curvePath({ bucket_s: 5, buckets: [{ t: 130, n: 3 }] }, 100)).toBe('');
  expect(curvePath({ bucket_s: 5, buckets: [{ t: 100, n: 4 }] }, 100)).toBe('M975,100L1000,0L1000,100Z');
});

test('the worst moments come first', () => {
  expect(worstMoments({ buckets: [{ t: 0, n: 1 }, { t: 5, n: 4 }, { t: 10, n: 4 }] }, 2)).toEqual([
    { t: 5, n: 4 },
    { t: 10, n: 4 },
  ]);
});
