import type { PathStatistics, Statistics, StreamStatistics } from '@/media/statistics';

/** 431 kbit/s, 1.5 Mbit/s. */
export function bitrateText(bitsPerSecond: number): string {
  if (bitsPerSecond >= 1e6) return `${(bitsPerSecond / 1e6).toFixed(1)} Mbit/s`;
  return `${Math.round(bitsPerSecond / 1e3)} kbit/s`;
}

/** What is the same in every language of a stream: VP8 · 640×360 · 20 fps · 431 kbit/s. */
export function streamText({ codec, width, height, framesPerSecond, bitrate }: StreamStatistics): string {
  const parts = [
    codec,
    width !== null && height !== null ? `${width}×${height}` : null,
    framesPerSecond !== null ? `${Math.round(framesPerSecond)} fps` : null,
    bitrate !== null ? bitrateText(bitrate) : null,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** 21 ms · host udp → 10.0.0.1:8443 udp · AEAD_AES_128_GCM */
export function pathText({ roundTrip, local, remote, cipher }: PathStatistics): string {
  const parts = [roundTrip !== null ? `${Math.round(roundTrip * 1000)} ms` : null, local && remote ? `${local} → ${remote}` : null, cipher];
  return parts.filter(Boolean).join(' · ');
}

export function lossText(loss: number): string {
  return `${(loss * 100).toFixed(1)} %`;
}

/** For a letter to whoever runs the server, hence in English whatever the language of the page. */
export function statisticsText(statistics: Statistics, nameOf: (stream: StreamStatistics) => string, browser: string): string {
  const path = (name: string, of: PathStatistics) => {
    const available = of.available !== null ? ` · up to ${bitrateText(of.available)}` : '';
    return `${name}: ${of.state} · ${pathText(of)}${available}`;
  };
  const stream = (of: StreamStatistics) => {
    const loss = of.loss !== null ? ` · loss ${lossText(of.loss)}` : '';
    const rest = of.active ? `${streamText(of)}${loss}${of.limitedBy ? ` · limited by ${of.limitedBy}` : ''}` : 'off';
    return `${of.sent ? 'sent' : 'received'} ${nameOf(of)}${of.rid ? ` ${of.rid}` : ''}: ${rest}`;
  };
  return [
    `Lectern ${new Date(statistics.at).toISOString()}`,
    browser,
    path('sending', statistics.publisher),
    path('receiving', statistics.subscriber),
    ...statistics.streams.map(stream),
  ].join('\n');
}
