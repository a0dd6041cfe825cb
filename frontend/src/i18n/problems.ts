import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Problem } from '@/api/problem';
import { formatsFor } from './format';

type Translate = TFunction<'common'>;

/** The server's sentences are English; these are the ones with a translation of their own. */
const sentences: [RegExp, (t: Translate, found: string) => string][] = [
  [/must not be empty/i, (t) => t('fields.empty')],
  [/at least (\d[\d,]*) characters/i, (t, found) => t('fields.atLeast', { count: numberIn(found) })],
  [/at most (\d[\d,]*) (?:characters|bytes)/i, (t, found) => t('fields.atMost', { count: numberIn(found) })],
  [/first that attackers try/i, (t) => t('fields.commonPassword')],
  [/your address or your name/i, (t) => t('fields.nameAsPassword')],
  [/not your password/i, (t) => t('fields.wrongPassword')],
  [/link was used already/i, (t) => t('fields.deadLink')],
  [/Only addresses of (.+) can sign up/i, (t, domains) => t('fields.domains', { domains })],
  [/signs up here with an invite/i, (t) => t('fields.inviteNeeded')],
  [/not a link to a YouTube video|is not a link\. Copy/i, (t) => t('link.notYouTube')],
  [/whole YouTube playlist/i, (t) => t('link.playlist')],
  [/YouTube (?:channel|search|clip)/i, (t) => t('link.notVideo')],
  [/names no video/i, (t) => t('link.noVideo')],
  [/invite/i, (t) => t('join.invalidText')],
  [/only administrator/i, (t) => t('problems.lastAdmin')],
  [/need another owner first: (.+)\. Make/i, (t, channels) => t('problems.lastOwner', { channels })],
  [/disabled this account/i, (t) => t('problems.disabled')],
  [/not a PNG|megapixels|picture is damaged/i, (t) => t('fields.picture')],
  [/not an email/i, (t) => t('fields.email')],
  [/one line/i, (t) => t('fields.oneLine')],
  [/already|taken|in use/i, (t) => t('fields.taken')],
  [/future/i, (t) => t('fields.future')],
];

function numberIn(found: string): number {
  return Number(found.replace(/,/g, ''));
}

function translated(t: Translate, said: string): string | undefined {
  for (const [pattern, words] of sentences) {
    const match = pattern.exec(said);
    if (match) return words(t, match[1] ?? '');
  }
  return undefined;
}

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
      if (problem.status === 429 && problem.retryAfter) {
        return t('problems.waitFor', { time: formatsFor(i18n.language).duration(problem.retryAfter) });
      }
      const said = Object.values(problem.errors)[0] ?? problem.detail;
      const english = i18n.language.startsWith('en');
      if (english && problem.status > 0 && problem.status < 500) return said || t('problems.unexpected');
      const known = problem.status > 0 && problem.status < 500 ? translated(t, said) : undefined;
      if (known) return known;
      const key = `problems.${problem.code}`;
      return i18n.exists(key) ? t(key as 'problems.unexpected') : t('problems.unexpected');
    },
    field: (problem, name) => {
      const said = problem?.errors[name];
      if (said === undefined || i18n.language.startsWith('en')) return said;
      return translated(t, said) ?? t('fields.invalid');
    },
  };
}
