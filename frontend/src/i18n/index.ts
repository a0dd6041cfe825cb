import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export const languages = ['zh-TW', 'en'] as const;
export type Language = (typeof languages)[number];

/** Each language's own name, as a language menu shows it. */
export const languageNames: Record<Language, string> = { 'zh-TW': '繁體中文', en: 'English' };

const files = import.meta.glob<Record<string, unknown>>('./locales/*/*.json', { eager: true, import: 'default' });

const resources: Record<string, Record<string, Record<string, unknown>>> = {};
for (const [path, words] of Object.entries(files)) {
  const [, language, namespace] = /\.\/locales\/(.+)\/(.+)\.json$/.exec(path) ?? [];
  if (language && namespace) (resources[language] ??= {})[namespace] = words;
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
  void i18next.changeLanguage(language);
}

i18next.on('languageChanged', (language) => {
  document.documentElement.lang = language;
});

void i18next.use(initReactI18next).init({
  resources,
  lng: preferredLanguage(),
  fallbackLng: 'en',
  defaultNS: 'common',
  ns: Object.keys(resources.en ?? {}),
  interpolation: { escapeValue: false }, // React escapes
});

export { i18next };
