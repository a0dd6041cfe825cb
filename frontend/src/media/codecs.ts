import type { TrackSourceName } from '@/api/wire.gen';

/**
 * What a source is sent with, best first. VP8 makes simulcast layers in every browser. RED repeats each piece of a voice
 * with the next one, so that single losses are not heard.
 */
const PREFERRED: Record<TrackSourceName, string[]> = {
  microphone: ['audio/red', 'audio/opus'],
  screen_audio: ['audio/opus'],
  camera: ['video/vp8'],
  screen: ['video/vp8'],
};

/** All codecs of this browser with the preferred ones in front; null where it does not tell or take an order. */
export function preferredCodecs(source: TrackSourceName): RTCRtpCodec[] | null {
  if (!('RTCRtpSender' in globalThis) || !('setCodecPreferences' in RTCRtpTransceiver.prototype)) return null;
  const kind = source === 'microphone' || source === 'screen_audio' ? 'audio' : 'video';
  const codecs = RTCRtpSender.getCapabilities(kind)?.codecs;
  return codecs?.length ? inOrder(codecs, PREFERRED[source]) : null;
}

/** Codecs of the named kinds first, in the order of the names; the rest as it was. */
export function inOrder<T extends { mimeType: string }>(codecs: T[], names: string[]): T[] {
  const rank = ({ mimeType }: T) => {
    const place = names.indexOf(mimeType.toLowerCase());
    return place < 0 ? names.length : place;
  };
  return [...codecs].sort((a, b) => rank(a) - rank(b));
}
