import type { Sound } from './sdp';

/** Who takes the noise out of a microphone: nobody, the browser, or RNNoise, which runs here in the page. */
export type NoiseSuppression = 'off' | 'browser' | 'rnnoise';

/** How one's microphone is worked on before it is sent. A shared screen's sound is never touched. */
export interface SoundSettings {
  noise: NoiseSuppression;
  echoCancellation: boolean;
  autoGainControl: boolean;
  /** For an instrument: nothing of the above, in stereo and with more bits. */
  music: boolean;
}

const KEY = 'lectern.sound';
const usual: SoundSettings = { noise: 'browser', echoCancellation: true, autoGainControl: true, music: false };

export function rememberedSound(): SoundSettings {
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<SoundSettings>) };
  } catch {
    return usual;
  }
}

export function rememberSound(settings: SoundSettings): void {
  localStorage.setItem(KEY, JSON.stringify(settings));
}

export function usesRnnoise({ noise, music }: SoundSettings): boolean {
  return noise === 'rnnoise' && !music;
}

export function soundOf({ music }: SoundSettings): Sound {
  return music ? 'music' : 'speech';
}

/** What the browser is asked to do with a microphone. */
export function microphoneConstraints(settings: SoundSettings): MediaTrackConstraints {
  const { music } = settings;
  return {
    echoCancellation: settings.echoCancellation && !music,
    noiseSuppression: settings.noise === 'browser' && !music,
    autoGainControl: settings.autoGainControl && !music,
    channelCount: { ideal: music ? 2 : 1 },
  };
}
