import { expect, test } from 'vitest';
import { lostMoments } from './review';

test('the worst moments of all videos come first, at most five', () => {
  const curve = (key: string, ...buckets: [number, number][]) => ({ meeting_id: 'm', key, bucket_s: 10, buckets: buckets.map(([t, n]) => ({ t, n })) });
  const moments = lostMoments([curve('one', [0, 1], [10, 7], [20, 2]), curve('two', [30, 7], [40, 3], [50, 1])]);
  expect(moments).toEqual([
    { key: 'one', at: 10, taps: 7 },
    { key: 'two', at: 30, taps: 7 },
    { key: 'two', at: 40, taps: 3 },
    { key: 'one', at: 20, taps: 2 },
    { key: 'one', at: 0, taps: 1 },
  ]);
  expect(lostMoments([])).toEqual([]);
});
