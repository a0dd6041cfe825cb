import type { TrackSourceName } from '@/api/wire.gen';

/** The peer connections of a stay in a meeting, or the one of a call twice, and what their media lines carry. */
export interface MediaPeers {
  publisher: RTCPeerConnection;
  subscriber: RTCPeerConnection;
  /** Sources of the publisher's lines, by mid; in a call those of both sides. */
  sources: ReadonlyMap<string, TrackSourceName>;
}

/** One stream of packets as it was sent or received since the reading before. */
export interface StreamStatistics {
  id: string;
  sent: boolean;
  source: TrackSourceName | null;
  /** Of its media line. */
  mid: string | null;
  /** The simulcast layer that is sent; null without layers, and for what is received. */
  rid: string | null;
  /** False for a layer that is switched off, since nobody watches it. */
  active: boolean;
  codec: string | null;
  width: number | null;
  height: number | null;
  framesPerSecond: number | null;
  /** bit/s; null at the first reading. */
  bitrate: number | null;
  /** Share of packets lost, from 0 to 1; null where nothing is known. */
  loss: number | null;
  /** Seconds; null where nothing is known. */
  jitter: number | null;
  /** What keeps the encoder from more: cpu or bandwidth. */
  limitedBy: string | null;
}

export interface PathStatistics {
  state: RTCPeerConnectionState;
  /** Seconds. */
  roundTrip: number | null;
  /** What the browser believes that it may send, in bit/s. */
  available: number | null;
  /** "host udp", "relay tcp" …: how this side is reached. */
  local: string | null;
  /** The other side's address and protocol, and what kind of candidate it is between two people. */
  remote: string | null;
  cipher: string | null;
}

export interface Statistics {
  /** Milliseconds since 1970. */
  at: number;
  publisher: PathStatistics;
  subscriber: PathStatistics;
  streams: StreamStatistics[];
}

/** A report as browsers give it; which fields there are differs. */
export type Report = { id: string; type: string; timestamp: number } & Partial<Record<string, unknown>>;
export type Reports = ReadonlyMap<string, Report>;

/** Reads both connections; bit rates and losses are those since `before`, of the same peers. */
export async function readStatistics(peers: MediaPeers, before: RawStatistics | null): Promise<RawStatistics> {
  const both = peers.publisher !== peers.subscriber;
  const publisher = (await peers.publisher.getStats()) as unknown as Reports;
  const subscriber = both ? ((await peers.subscriber.getStats()) as unknown as Reports) : publisher;
  const off = layersOff(peers.publisher);
  const streams = [
    ...[...publisher.values()].filter(({ type }) => type === 'outbound-rtp').map((report) => sentStream(report, publisher, before?.publisher, peers.sources, off)),
    ...[...subscriber.values()].filter(({ type }) => type === 'inbound-rtp').map((report) => receivedStream(report, subscriber, before?.subscriber, both ? null : peers.sources)),
  ];
  return {
    publisher,
    subscriber,
    statistics: {
      at: Date.now(),
      publisher: path(peers.publisher.connectionState, publisher),
      subscriber: path(peers.subscriber.connectionState, subscriber),
      streams,
    },
  };
}

/** A reading with what the next one needs of it. */
export interface RawStatistics {
  publisher: Reports;
  subscriber: Reports;
  statistics: Statistics;
}

/** The lines' layers that are switched off, as "mid rid"; Firefox does not say so in its reports. */
function layersOff(peer: RTCPeerConnection): ReadonlySet<string> {
  return new Set(
    peer.getTransceivers().flatMap(({ mid, sender }) => sender.getParameters().encodings.filter(({ active }) => active === false).map(({ rid }) => `${mid} ${rid}`)),
  );
}

function sentStream(report: Report, reports: Reports, before: Reports | undefined, sources: MediaPeers['sources'], off: ReadonlySet<string>): StreamStatistics {
  const remote = reports.get(text(report.remoteId) ?? '');
  return {
    ...common(report, reports, before, 'bytesSent'),
    sent: true,
    source: sources.get(text(report.mid) ?? '') ?? null,
    rid: text(report.rid),
    active: report.active !== false && !off.has(`${text(report.mid)} ${text(report.rid)}`),
    loss: number(remote?.fractionLost),
    jitter: number(remote?.jitter),
    limitedBy: report.qualityLimitationReason === 'none' ? null : text(report.qualityLimitationReason),
  };
}

function receivedStream(report: Report, reports: Reports, before: Reports | undefined, sources: MediaPeers['sources'] | null): StreamStatistics {
  const earlier = before?.get(report.id);
  return {
    ...common(report, reports, before, 'bytesReceived'),
    sent: false,
    source: sources?.get(text(report.mid) ?? '') ?? null,
    rid: null,
    active: true,
    loss: lossBetween(earlier, report),
    jitter: number(report.jitter),
    limitedBy: null,
  };
}

function common(report: Report, reports: Reports, before: Reports | undefined, bytes: 'bytesSent' | 'bytesReceived') {
  const codec = text(reports.get(text(report.codecId) ?? '')?.mimeType);
  return {
    id: report.id,
    mid: text(report.mid),
    codec: codec?.split('/')[1] ?? null,
    width: number(report.frameWidth),
    height: number(report.frameHeight),
    framesPerSecond: number(report.framesPerSecond),
    bitrate: bitrateBetween(before?.get(report.id), report, bytes),
  };
}

export function bitrateBetween(before: Report | undefined, now: Report, bytes: string): number | null {
  const [from, to] = [number(before?.[bytes]), number(now[bytes])];
  const seconds = before ? (now.timestamp - before.timestamp) / 1000 : 0;
  if (from === null || to === null || seconds <= 0) return null;
  return Math.max(0, (8 * (to - from)) / seconds);
}

/** Without an earlier reading, the loss since the stream began. */
export function lossBetween(before: Report | undefined, now: Report): number | null {
  const since = (field: string) => (number(now[field]) ?? 0) - (number(before?.[field]) ?? 0);
  const [lost, received] = [since('packetsLost'), since('packetsReceived')];
  return lost + received > 0 ? Math.min(1, Math.max(0, lost / (lost + received))) : null;
}

function path(state: RTCPeerConnectionState, reports: Reports): PathStatistics {
  const transport = [...reports.values()].find(({ type }) => type === 'transport');
  const pair = reports.get(text(transport?.selectedCandidatePairId) ?? '') ?? [...reports.values()].find(isChosenPair);
  const local = reports.get(text(pair?.localCandidateId) ?? '');
  const remote = reports.get(text(pair?.remoteCandidateId) ?? '');
  return {
    state,
    roundTrip: number(pair?.currentRoundTripTime),
    available: number(pair?.availableOutgoingBitrate),
    local: local ? words(local.candidateType, local.relayProtocol ?? local.protocol) : null,
    remote: remote ? words(`${text(remote.address) ?? '?'}:${number(remote.port) ?? '?'}`, remote.protocol) : null,
    cipher: text(transport?.srtpCipher),
  };
}

/** Firefox names no selected pair. */
function isChosenPair(report: Report): boolean {
  return report.type === 'candidate-pair' && report.nominated === true && report.state === 'succeeded';
}

function words(...parts: unknown[]): string {
  return parts.filter((part) => typeof part === 'string').join(' ');
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
