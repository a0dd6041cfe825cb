import type { EmojiData } from 'frimousse';
import type { Language } from '@/i18n';

/** An emoji as emojibase describes it; only what is used here. */
interface Raw {
  emoji: string;
  hexcode: string;
  label: string;
  tags?: string[];
  group?: number;
  version: number;
  skins?: { tone: number | number[]; emoji: string }[];
}

interface Messages {
  groups: { key: string; message: string; order: number }[];
  skinTones: { key: string; message: string }[];
}

export interface EmojiSet {
  picker: EmojiData;
  /** Those whose name, word or short code begins with what was typed, the best first. */
  find: (typed: string, most?: number) => FoundEmoji[];
}

export interface FoundEmoji {
  emoji: string;
  label: string;
}

/** What systems of the last years can draw. */
const NEWEST = 15;
/** Skin tones by themselves. */
const COMPONENTS = 2;
const tones = ['light', 'medium-light', 'medium', 'medium-dark', 'dark'] as const;

const sets = new Map<Language, Promise<EmojiSet>>();

/** The emoji with their names in a language, fetched from our own server when they are first needed. */
export function loadEmoji(language: Language): Promise<EmojiSet> {
  const known = sets.get(language);
  if (known) return known;
  const loading = read(language);
  sets.set(language, loading);
  loading.catch(() => sets.delete(language));
  return loading;
}

async function read(language: Language): Promise<EmojiSet> {
  const [data, messages, codes] = await Promise.all([
    language === 'en' ? import('emojibase-data/en/data.json') : import('emojibase-data/zh-hant/data.json'),
    language === 'en' ? import('emojibase-data/en/messages.json') : import('emojibase-data/zh-hant/messages.json'),
    import('emojibase-data/en/shortcodes/github.json'),
  ]);
  const shortCodes = codes.default as Record<string, string | string[]>;
  const all = (data.default as unknown as Raw[]).filter((one) => one.group !== undefined && one.group !== COMPONENTS && one.version <= NEWEST);
  return { picker: forPicker(language, all, messages.default as unknown as Messages), find: finder(all, shortCodes) };
}

function forPicker(language: Language, all: Raw[], messages: Messages): EmojiData {
  return {
    locale: language === 'en' ? 'en' : 'zh-hant',
    emojis: all.map((one) => ({
      emoji: one.emoji,
      category: one.group ?? 0,
      label: one.label,
      version: one.version,
      tags: one.tags ?? [],
      ...(one.skins && { skins: skinsOf(one.skins) }),
    })),
    categories: messages.groups.filter(({ order }) => order !== COMPONENTS).map(({ order, message }) => ({ index: order, label: message })),
    skinTones: Object.fromEntries(messages.skinTones.map(({ key, message }) => [key, message])) as EmojiData['skinTones'],
  };
}

function skinsOf(skins: NonNullable<Raw['skins']>): NonNullable<EmojiData['emojis'][number]['skins']> {
  const plain = skins.filter(({ tone }) => typeof tone === 'number');
  return Object.fromEntries(plain.map(({ tone, emoji }) => [tones[(tone as number) - 1], emoji])) as never;
}

function finder(all: Raw[], shortCodes: Record<string, string | string[]>): EmojiSet['find'] {
  const rows = all.map((one) => ({
    emoji: one.emoji,
    label: one.label,
    codes: [shortCodes[one.hexcode] ?? []].flat(),
    words: [one.label, ...(one.tags ?? [])].map((word) => word.toLocaleLowerCase()),
  }));
  return (typed, most = 8) => {
    const wanted = typed.toLocaleLowerCase();
    const rank = ({ codes, words }: (typeof rows)[number]) => {
      if (codes.includes(wanted)) return 0;
      if (codes.some((code) => code.startsWith(wanted))) return 1;
      if (words.some((word) => word.startsWith(wanted))) return 2;
      return words.some((word) => word.includes(wanted)) ? 3 : 4;
    };
    return rows
      .map((row) => ({ row, rank: rank(row) }))
      .filter(({ rank }) => rank < 4)
      .sort((a, b) => a.rank - b.rank)
      .slice(0, most)
      .map(({ row }) => ({ emoji: row.emoji, label: row.codes[0] ? `${row.label}  :${row.codes[0]}:` : row.label }));
  };
}
