import { useTranslation } from 'react-i18next';

const units = ['B', 'KB', 'MB', 'GB', 'TB'];

/** Units of time with their seconds, largest first. */
const spans = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

export interface Formats {
  /** 14:05 */
  time: (iso: string) => string;
  /** Today, Yesterday, or Monday 3 March; with the year when it is another one. */
  day: (iso: string) => string;
  /** The whole moment, for tooltips. */
  full: (iso: string) => string;
  /** 3 minutes ago, yesterday; by the largest unit that fits. */
  ago: (iso: string) => string;
  /** 5 minutes, 2 hours: rounded up, in one unit. */
  duration: (seconds: number) => string;
  number: (value: number) => string;
  /** 87 %, of a share from 0 to 1. */
  percent: (share: number) => string;
  /** 3.4 MB, powers of 1,000 as file managers show it. */
  size: (bytes: number) => string;
  list: (names: string[]) => string;
}

export function formatsFor(language: string, now: () => Date = () => new Date()): Formats {
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const dayThisYear = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' });
  const dayOtherYear = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' });
  const full = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: 'percent' });
  const size = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  return {
    time: (iso) => time.format(new Date(iso)),
    day: (iso) => {
      const date = new Date(iso);
      const today = now();
      const days = Math.round((startOfDay(date) - startOfDay(today)) / 86_400_000);
      if (days === 0 || days === -1) {
        const word = relative.format(days, 'day');
        return word.charAt(0).toLocaleUpperCase(language) + word.slice(1);
      }
      return (date.getFullYear() === today.getFullYear() ? dayThisYear : dayOtherYear).format(date);
    },
    ago: (iso) => {
      const seconds = Math.max(0, (now().getTime() - Date.parse(iso)) / 1000);
      if (seconds < 60) return relative.format(0, 'second');
      const [unit, length] = spans.find(([, each]) => seconds >= each) ?? spans[4];
      return relative.format(-Math.floor(seconds / length), unit);
    },
    duration: (seconds) => {
      const [unit, length] = spans.find(([, each]) => seconds >= each) ?? spans[5];
      return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.ceil(seconds / length));
    },
    full: (iso) => full.format(new Date(iso)),
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    size: (bytes) => {
      let value = bytes;
      let unit = 0;
      while (value >= 1000 && unit < units.length - 1) {
        value /= 1000;
        unit += 1;
      }
      return `${size.format(value)} ${units[unit]}`;
    },
    list: (names) => list.format(names),
  };
}

const known = new Map<string, Formats>();

/** The formats of the language of now; made once for each, since Intl's are slow to make and a long list asks often. */
export function useFormats(): Formats {
  const { language } = useTranslation().i18n;
  let formats = known.get(language);
  if (!formats) known.set(language, (formats = formatsFor(language)));
  return formats;
}
