import { type PathReading, type Quality, QualityMeter } from './quality';
import { type MediaPeers, type RawStatistics, readStatistics, type Statistics } from './statistics';

const EVERY_MS = 1_000;

/** What the sound and pictures that come in, and the way to the other side, were like since the reading before. */
export function pathReading({ streams, subscriber }: Statistics): PathReading {
  const received = streams.filter(({ sent }) => !sent);
  const worst = (values: (number | null)[]) => values.reduce((most, value) => (value === null || (most ?? -1) > value ? most : value), null);
  return {
    loss: worst(received.map(({ loss }) => loss)),
    roundTrip: subscriber.roundTrip,
    jitter: worst(received.filter(({ source }) => source === 'microphone').map(({ jitter }) => jitter)),
  };
}

/** Reads a call's connection once a second and says how good it is. Answers what ends it. */
export function watchQuality(peers: () => MediaPeers, onQuality: (quality: Quality) => void): () => void {
  const meter = new QualityMeter();
  let before: RawStatistics | null = null;
  let over = false;
  const timer = setInterval(() => {
    const measured = peers();
    if (measured.publisher.connectionState !== 'connected') return;
    readStatistics(measured, before).then(
      (raw) => {
        if (over) return;
        if (before) onQuality(meter.read(pathReading(raw.statistics)));
        before = raw;
      },
      () => undefined, // closed meanwhile
    );
  }, EVERY_MS);
  return () => {
    over = true;
    clearInterval(timer);
  };
}
