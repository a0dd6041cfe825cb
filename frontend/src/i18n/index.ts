import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export const languages = ['zh-TW', 'en'] as const;
export type Language = (typeof languages)[number];

/** Each language's own name, as a language menu shows it. */
export const languageNames: Record<Language, string> = { 'zh-TW': '繁體中文', en: 'English' };

// One language is loaded at a time. locales.test.ts sees to it that none lacks a word, so no other has to stand in.
const loaders: Record<Language, () => Promise<{ default: Record<string, Record<string, unknown>> }>> = {
  'zh-TW': () => import('./locales/zh-TW'),
  en: () => import('./locales/en'),
};

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'common')) return;
  const { default: files } = await loaders[language]();
  for (const [path, words] of Object.entries(files)) {
    const namespace = path.split('/').at(-1)?.replace('.json', '');
    if (namespace) i18next.addResourceBundle(language, namespace, words);
  }
}

const storageKey = 'lectern.language';

/** The language chosen on this device, else the browser's. An account's choice replaces it after signing in. */
export function preferredLanguage(): Language {
  const chosen = localStorage.getItem(storageKey);
  const wanted = chosen ? [chosen] : navigator.languages;
  for (const language of wanted) {
    if (language.toLowerCase().startsWith('zh')) return 'zh-TW';
    if (language.toLowerCase().startsWith('en')) return 'en';
  }
  return 'en';
}

export function setLanguage(language: Language): void {
  localStorage.setItem(storageKey, language);
  void load(language).then(() => i18next.changeLanguage(language));
}

i18next.on('languageChanged', (language) => {
  document.documentElement.lang = language;
});

await i18next.use(initReactI18next).init({
  resources: {},
  fallbackLng: false,
  defaultNS: 'common',
  interpolation: { escapeValue: false }, // React escapes
});
await load(preferredLanguage());
await i18next.changeLanguage(preferredLanguage());

export { i18next };
