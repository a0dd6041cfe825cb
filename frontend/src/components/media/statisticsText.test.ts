import { expect, test } from 'vitest';
import type { StreamStatistics } from '@/media/statistics';
import { bitrateText, statisticsText } from './statisticsText';

const stream = (more: Partial<StreamStatistics>): StreamStatistics => ({
  id: 'x',
  sent: true,
  source: 'camera',
  mid: null,
  rid: null,
  active: true,
  codec: 'VP8',
  width: 640,
  height: 360,
  framesPerSecond: 19.6,
  bitrate: 430_700,
  loss: null,
  jitter: null,
  limitedBy: null,
  ...more,
});

test('bit rates in the unit that reads best', () => {
  expect([0, 940, 431_200, 1_500_000].map(bitrateText)).toEqual(['0 kbit/s', '1 kbit/s', '431 kbit/s', '1.5 Mbit/s']);
});

test('the text says everything in lines', () => {
  const none = { state: 'new' as const, roundTrip: null, available: null, local: null, remote: null, cipher: null };
  const text = statisticsText(
    {
      at: Date.UTC(2026, 0, 2, 3, 4, 5),
      publisher: { ...none, state: 'connected', roundTrip: 0.0214, available: 2_000_000, local: 'host udp', remote: '10.0.0.1:8443 udp', cipher: 'AEAD_AES_128_GCM' },
      subscriber: none,
      streams: [
        stream({ rid: 'h', limitedBy: 'cpu' }),
        stream({ rid: 'f', active: false }),
        stream({ sent: false, codec: 'red', width: null, height: null, framesPerSecond: null, loss: 0.0123 }),
      ],
    },
    ({ source }) => source ?? '?',
    'Browser 1.0',
  );
  expect(text.split('\n')).toEqual([
    'Lectern 2026-01-02T03:04:05.000Z',
    'Browser 1.0',
    'sending: connected · 21 ms · host udp → 10.0.0.1:8443 udp · AEAD_AES_128_GCM · up to 2.0 Mbit/s',
    'receiving: new · ',
    'sent camera h: VP8 · 640×360 · 20 fps · 431 kbit/s · limited by cpu',
    'sent camera f: off',
    'received camera: red · 431 kbit/s · loss 1.2 %',
  ]);
});
