/** What somebody chose about captions, on this device. */
export interface CaptionChoice {
  /** Captions are shown here. */
  read: boolean;
  /** This browser writes down what one says; null while one was not asked. */
  write: boolean | null;
  /** The language that one speaks, as in BCP 47. */
  lang: string;
}

export const captionLanguages = ['zh-TW', 'en-US'] as const;

const key = 'lectern.captions';

export function loadCaptionChoice(): CaptionChoice {
  // Whoever reads Chinese here is taught in it, until they say otherwise.
  const first: CaptionChoice = { read: false, write: null, lang: document.documentElement.lang.startsWith('zh') ? 'zh-TW' : 'en-US' };
  try {
    return { ...first, ...(JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<CaptionChoice>) };
  } catch {
    return first;
  }
}

export function saveCaptionChoice(choice: CaptionChoice): void {
  localStorage.setItem(key, JSON.stringify(choice));
}
