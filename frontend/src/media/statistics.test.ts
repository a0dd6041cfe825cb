import { expect, test } from 'vitest';
import { bitrateBetween, lossBetween, type MediaPeers, readStatistics, type Report } from './statistics';

const reports = (...list: Report[]) => new Map(list.map((report) => [report.id, report]));
const peer = (connectionState: RTCPeerConnectionState, ...list: Report[]) =>
  ({ connectionState, getStats: () => Promise.resolve(reports(...list)), getTransceivers: () => [] }) as unknown as RTCPeerConnection;

const at = (seconds: number) => ({ timestamp: 1_000 * seconds });

function peers(seconds: number): MediaPeers {
  return {
    publisher: peer(
      'connected',
      { id: 'T', type: 'transport', ...at(seconds), selectedCandidatePairId: 'P', srtpCipher: 'AEAD_AES_128_GCM' },
      { id: 'P', type: 'candidate-pair', ...at(seconds), localCandidateId: 'L', remoteCandidateId: 'R', currentRoundTripTime: 0.021, availableOutgoingBitrate: 2e6 },
      { id: 'L', type: 'local-candidate', ...at(seconds), candidateType: 'prflx', protocol: 'udp' },
      { id: 'R', type: 'remote-candidate', ...at(seconds), address: '10.0.0.1', port: 8443, protocol: 'udp' },
      { id: 'V', type: 'codec', ...at(seconds), mimeType: 'video/VP8' },
      { id: 'q', type: 'outbound-rtp', ...at(seconds), mid: '1', rid: 'q', active: true, codecId: 'V', bytesSent: 15_000 * seconds, frameWidth: 320, frameHeight: 180, framesPerSecond: 15, remoteId: 'rq', qualityLimitationReason: 'none' },
      { id: 'f', type: 'outbound-rtp', ...at(seconds), mid: '1', rid: 'f', active: false, codecId: 'V', bytesSent: 9, qualityLimitationReason: 'cpu' },
      { id: 'rq', type: 'remote-inbound-rtp', ...at(seconds), fractionLost: 0.02 },
    ),
    subscriber: peer('connecting', { id: 'in', type: 'inbound-rtp', ...at(seconds), mid: '3', bytesReceived: 1_000, packetsReceived: 95 * seconds, packetsLost: 5 * seconds }),
    sources: new Map([['1', 'camera']]),
  };
}

test('two readings make rates; each stream is named by its line or its track', async () => {
  const first = await readStatistics(peers(1), null);
  expect(first.statistics.streams.map((stream) => stream.bitrate)).toEqual([null, null, null]);
  const { statistics } = await readStatistics(peers(3), first);
  expect(statistics.streams).toMatchObject([
    { sent: true, mid: '1', source: 'camera', rid: 'q', active: true, codec: 'VP8', width: 320, height: 180, framesPerSecond: 15, bitrate: 120_000, loss: 0.02, limitedBy: null },
    { sent: true, source: 'camera', rid: 'f', active: false, width: null, bitrate: 0, loss: null, limitedBy: 'cpu' },
    { sent: false, source: null, mid: '3', codec: null, bitrate: 0, loss: 0.05 },
  ]);
});

test('Firefox, whose reports do not say which layers are switched off', async () => {
  const encodings = [
    { rid: 'q', active: true },
    { rid: 'f', active: false },
  ];
  const layer = (rid: string): Report => ({ id: rid, type: 'outbound-rtp', ...at(1), mid: '1', rid, bytesSent: 9, frameWidth: 0, frameHeight: 0 });
  const publisher = { ...peer('connected', layer('q'), layer('f')), getTransceivers: () => [{ mid: '1', sender: { getParameters: () => ({ encodings }) } }] };
  const { statistics } = await readStatistics({ ...peers(1), publisher: publisher as unknown as RTCPeerConnection }, null);
  expect(statistics.streams.filter(({ sent }) => sent).map(({ rid, active }) => [rid, active])).toEqual([
    ['q', true],
    ['f', false],
  ]);
});

test('the path: how either side is reached, how far it is, what it may carry', async () => {
  const { statistics } = await readStatistics(peers(1), null);
  expect(statistics.publisher).toEqual({ state: 'connected', roundTrip: 0.021, available: 2e6, local: 'prflx udp', remote: '10.0.0.1:8443 udp', cipher: 'AEAD_AES_128_GCM' });
  expect(statistics.subscriber).toEqual({ state: 'connecting', roundTrip: null, available: null, local: null, remote: null, cipher: null });
});

test('counters that began anew make no negative rates', () => {
  const count = (seconds: number, bytes: number): Report => ({ id: 'x', type: 'inbound-rtp', ...at(seconds), bytes, packetsLost: bytes, packetsReceived: 2 * bytes });
  expect(bitrateBetween(count(1, 500), count(2, 100), 'bytes')).toBe(0);
  expect(bitrateBetween(count(1, 500), count(1, 900), 'bytes')).toBeNull();
  expect(lossBetween(count(1, 500), count(2, 500))).toBeNull();
});
