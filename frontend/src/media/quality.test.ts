import { expect, test } from 'vitest';
import { type PathReading, QualityMeter } from './quality';

const clean: PathReading = { loss: 0, roundTrip: 0.02, jitter: 0.002 };

test.each([
  [{}, 'good'],
  [{ loss: 0.05 }, 'fair'],
  [{ loss: 0.1 }, 'poor'],
  [{ loss: 0.2 }, 'lost'],
  [{ roundTrip: 0.5 }, 'fair'],
  [{ roundTrip: 1 }, 'poor'],
  [{ roundTrip: 2 }, 'lost'],
  [{ jitter: 0.01 }, 'fair'],
  [{ jitter: 0.02 }, 'poor'],
  [{ jitter: 0.3 }, 'poor'],
  [{ loss: null, roundTrip: null, jitter: null }, 'good'],
])('%o is %s', (reading, quality) => {
  expect(new QualityMeter().read({ ...clean, ...reading })).toBe(quality);
});

test('falls at once, rises one bar after five better readings', () => {
  const meter = new QualityMeter();
  expect(meter.read({ ...clean, loss: 0.3 })).toBe('lost');
  const shown = Array.from({ length: 15 }, () => meter.read(clean));
  expect(shown.filter((quality) => quality === 'lost')).toHaveLength(4);
  expect(shown[4]).toBe('poor');
  expect(shown[9]).toBe('fair');
  expect(shown[14]).toBe('good');
});

test('one bad reading on the way up starts the wait again', () => {
  const meter = new QualityMeter('poor');
  for (let n = 0; n < 4; n++) meter.read(clean);
  expect(meter.read({ ...clean, loss: 0.12 })).toBe('poor');
  for (let n = 0; n < 4; n++) expect(meter.read(clean)).toBe('poor');
  expect(meter.read(clean)).toBe('fair');
});
