import { expect, test } from 'vitest';

const files = import.meta.glob<Record<string, unknown>>('./locales/*/*.json', { eager: true, import: 'default' });

/** Paths of all words; plural forms count as one, since languages have different ones. */
function keys(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path.replace(/_(zero|one|two|few|many|other)$/, '')];
  return Object.entries(value).flatMap(([key, inner]) => keys(inner, path ? `${path}.${key}` : key));
}

function placeholders(value: unknown): string[] {
  return typeof value === 'string' ? [...value.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? '').sort() : [];
}

function lookup(words: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], words);
}

const namespaces = Object.keys(files)
  .filter((path) => path.includes('/en/'))
  .map((path) => path.split('/').at(-1) ?? '');

test.each(namespaces)('%s has the same words in both languages', (name) => {
  const en = files[`./locales/en/${name}`];
  const zh = files[`./locales/zh-TW/${name}`];
  expect([...new Set(keys(zh))].sort()).toEqual([...new Set(keys(en))].sort());
});

test.each(namespaces)('%s fills the same places in both languages', (name) => {
  const en = files[`./locales/en/${name}`];
  const zh = files[`./locales/zh-TW/${name}`];
  for (const key of new Set(keys(en))) {
    const inEnglish = lookup(en, key) ?? lookup(en, `${key}_other`);
    const inChinese = lookup(zh, key) ?? lookup(zh, `${key}_other`);
    expect(placeholders(inChinese), key).toEqual(placeholders(inEnglish));
  }
});

test('every namespace has both languages', () => {
  const of = (language: string) => Object.keys(files).filter((path) => path.includes(`/${language}/`)).length;
  expect(of('zh-TW')).toBe(of('en'));
});
