import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Problem } from '@/api/problem';

type Translate = TFunction<'common'>;

/** The server's sentences about fields are English; these are the ones with a translation of their own. */
const sentences: [RegExp, (t: Translate, count: number) => string][] = [
  [/must not be empty/i, (t) => t('fields.empty')],
  [/at least (\d[\d,]*) characters/i, (t, count) => t('fields.atLeast', { count })],
  [/at most (\d[\d,]*) (?:characters|bytes)/i, (t, count) => t('fields.atMost', { count })],
  [/not an email/i, (t) => t('fields.email')],
  [/one line/i, (t) => t('fields.oneLine')],
  [/already|taken|in use/i, (t) => t('fields.taken')],
  [/future/i, (t) => t('fields.future')],
];

export interface ProblemWords {
  /** What happened and what to do, in the person's language. */
  sentence: (problem: Problem) => string;
  /** The same for one field of a form, or undefined when that field is fine. */
  field: (problem: Problem | undefined, name: string) => string | undefined;
}

export function useProblemWords(): ProblemWords {
  const { t, i18n } = useTranslation();
  return {
    sentence: (problem) => {
      const first = Object.values(problem.errors)[0];
      const english = i18n.language.startsWith('en');
      if (english && problem.status > 0 && problem.status < 500) return first ?? (problem.detail || t('problems.unexpected'));
      const key = `problems.${problem.code}`;
      return i18n.exists(key) ? t(key as 'problems.unexpected') : t('problems.unexpected');
    },
    field: (problem, name) => {
      const said = problem?.errors[name];
      if (said === undefined || i18n.language.startsWith('en')) return said;
      for (const [pattern, words] of sentences) {
        const match = pattern.exec(said);
        if (match) return words(t, Number((match[1] ?? '').replace(/,/g, '')));
      }
      return t('fields.invalid');
    },
  };
}
