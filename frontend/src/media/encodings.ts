import type { TrackSourceName } from '@/api/wire.gen';
import type { Sound } from './sdp';

/** Names of the simulcast layers, small to large. */
export type Rid = 'q' | 'h' | 'f';

export interface PictureSize {
  width: number;
  height: number;
}

/** How one layer is encoded; `possible` is false where the picture is too small for so many layers. */
export interface Layer {
  rid: Rid;
  possible: boolean;
  scaleResolutionDownBy: number;
  /** bit/s */
  maxBitrate: number;
  maxFramerate: number;
}

/** What a camera is asked for, and what is assumed of one that does not tell its size. */
export const CAMERA = { width: 1280, height: 720, frameRate: 30 } as const;
/** A screen comes in its native size. */
export const SCREEN = { frameRate: 15 } as const;

/**
 * Layers of a camera. Chrome encodes at most three layers from a longer side of 960, two from 480 and one below, and drops
 * the largest ones first; hence the smaller pictures put their full size into the layers that are left.
 */
const CAMERA_SCALES = [
  { from: 960, scales: [4, 2, 1] },
  { from: 480, scales: [2, 1] },
  { from: 0, scales: [1] },
] as const;

/** The smallest layer is for thumbnails: half the frames are enough there. */
const THUMBNAIL_FRAMERATE = 15;
const MIN_BITRATE = 60_000;

/** The layers of a source of pictures for a track of this size. */
export function layersOf(source: 'camera' | 'screen', size?: Partial<PictureSize>): Layer[] {
  return source === 'camera' ? cameraLayers(size) : screenLayers();
}

function cameraLayers({ width = CAMERA.width, height = CAMERA.height }: Partial<PictureSize> = {}): Layer[] {
  const longer = Math.max(width, height);
  const scales: readonly number[] = CAMERA_SCALES.find(({ from }) => longer >= from)?.scales ?? [1];
  return (['q', 'h', 'f'] as const).map((rid, index) => {
    const scale = scales[index] ?? 1;
    return {
      rid,
      possible: index < scales.length,
      scaleResolutionDownBy: scale,
      maxBitrate: cameraBitrate((width / scale) * (height / scale)),
      maxFramerate: index === 0 && scales.length > 1 ? THUMBNAIL_FRAMERATE : CAMERA.frameRate,
    };
  });
}

/** 1.5 Mbit/s for 720p, about 430 kbit/s for 360p and 120 kbit/s for 180p: a little less than in proportion to the area. */
function cameraBitrate(pixels: number): number {
  const share = pixels / (CAMERA.width * CAMERA.height);
  return Math.max(MIN_BITRATE, Math.round((1_500_000 * share ** 0.9) / 10_000) * 10_000);
}

/** Text must stay legible, so the large layer keeps the native size; the small one gets through where 300 kbit/s do. */
function screenLayers(): Layer[] {
  return [
    { rid: 'h', possible: true, scaleResolutionDownBy: 2, maxBitrate: 150_000, maxFramerate: 5 },
    { rid: 'f', possible: true, scaleResolutionDownBy: 1, maxBitrate: 2_500_000, maxFramerate: SCREEN.frameRate },
  ];
}

/** Bit rates of sound, in bit/s. */
const SOUND = { microphone: 40_000, screen_audio: 64_000 } as const;
const MUSIC = 128_000;

/** What a microphone gets. */
export function soundBitrate(sound: Sound): number {
  return sound === 'music' ? MUSIC : SOUND.microphone;
}

/** Sound comes before pictures, and a shared screen before a face. */
const PRIORITIES: Record<TrackSourceName, RTCPriorityType> = { microphone: 'high', screen_audio: 'high', screen: 'medium', camera: 'low' };

/** What a source's media line starts with: all layers that are possible. */
export function encodingsOf(source: TrackSourceName, size?: Partial<PictureSize>): RTCRtpEncodingParameters[] {
  const priority = { priority: PRIORITIES[source], networkPriority: PRIORITIES[source] };
  if (source === 'microphone' || source === 'screen_audio') return [{ maxBitrate: SOUND[source], ...priority }];
  // Chrome takes the priority of a sender from its first layer and refuses it on the others.
  return layersOf(source, size).map(({ possible, ...layer }, index) => ({ ...layer, active: possible, ...(index === 0 ? priority : {}) }));
}

/** What a source is sent with to one person: one layer, as good as the path allows. */
export function singleEncoding(source: TrackSourceName): RTCRtpEncodingParameters {
  const priority = { priority: PRIORITIES[source], networkPriority: PRIORITIES[source] };
  if (source === 'microphone' || source === 'screen_audio') return { maxBitrate: SOUND[source], ...priority };
  const picture = source === 'camera' ? { maxBitrate: 2_500_000, maxFramerate: CAMERA.frameRate } : { maxBitrate: 4_000_000, maxFramerate: 2 * SCREEN.frameRate };
  return { ...picture, ...priority };
}

/**
 * The encodings with what is watched switched on and the rest off; null when they are so already. `watched` is null while
 * nothing is known: then everything possible is sent.
 */
export function withLayers(encodings: RTCRtpEncodingParameters[], layers: Layer[], watched: ReadonlySet<string> | null): RTCRtpEncodingParameters[] | null {
  const top = layers.findLast((layer) => layer.possible);
  const wanted = (layer: Layer) => {
    if (!layer.possible) return false;
    if (watched === null || watched.has(layer.rid)) return true;
    // Whoever wants a layer that this picture is too small for gets its largest.
    return layer === top && layers.some((other) => !other.possible && watched.has(other.rid));
  };
  let changed = false;
  const next = encodings.map((encoding) => {
    const layer = layers.find(({ rid }) => rid === encoding.rid);
    if (!layer) return encoding;
    const { scaleResolutionDownBy, maxBitrate, maxFramerate } = layer;
    const settings = { active: wanted(layer), scaleResolutionDownBy, maxBitrate, maxFramerate };
    if (Object.entries(settings).every(([name, value]) => encoding[name as keyof RTCRtpEncodingParameters] === value)) return encoding;
    changed = true;
    return { ...encoding, ...settings };
  });
  return changed ? next : null;
}

/** A camera gives up frames or size as it sees fit; a screen keeps its size, or text could not be read. */
export function degradationOf(source: TrackSourceName): RTCDegradationPreference | undefined {
  return source === 'screen' ? 'maintain-resolution' : undefined;
}
