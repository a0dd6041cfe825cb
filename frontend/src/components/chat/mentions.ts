import type { Audience } from '../audience';

/**
 * A mention is stored as "@[Name](user:ID)", and "@[all](all)" calls everybody. While one writes, it is "@Name": the words
 * are matched with the people of the place when the text is sent, so that nothing can get out of step with the text.
 */
export interface Named {
  /** A user's id, or "all". */
  id: string;
  /** What follows the @. Of namesakes the later ones carry a number. */
  label: string;
}

export function namesOf({ people, all }: Audience, everyone: string): Named[] {
  const count = new Map<string, number>();
  const named = [...people.values()]
    .filter((person) => !person.deleted)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, name }) => {
      const nth = (count.get(name) ?? 0) + 1;
      count.set(name, nth);
      return { id, label: nth === 1 ? name : `${name} (${nth})` };
    });
  return all ? [{ id: 'all', label: everyone }, ...named] : named;
}

/** Code is what it says: no mention in it. */
const code = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)/;

function outsideCode(text: string, change: (part: string) => string): string {
  return text
    .split(code)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');
}

function patternOf(label: string): string {
  const literal = label.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return /[\p{Script=Latin}\p{N}_]$/u.test(label) ? `${literal}(?![\\p{Script=Latin}\\p{N}_])` : literal;
}

/** Turns each "@Name" into what is stored. The longest name wins, and part of a Latin word is no name. */
export function encodeMentions(text: string, named: Named[]): string {
  if (!text.includes('@') || named.length === 0) return text;
  const byLabel = new Map(named.map((one) => [one.label, one]));
  const words = [...byLabel.keys()].sort((a, b) => b.length - a.length).map(patternOf);
  const pattern = new RegExp(`(?<![A-Za-z0-9_@.])@(${words.join('|')})`, 'gu');
  return outsideCode(text, (part) =>
    part.replace(pattern, (written, label: string) => {
      const found = byLabel.get(label);
      if (!found) return written;
      return found.id === 'all' ? '@[all](all)' : `@[${label.replace(/[[\]\\`<>]/g, '')}](user:${found.id})`;
    }),
  );
}

const stored = /@\[([^\]\n]*)\]\((?:user:([\w-]{1,64})|all)\)/g;

/** The other way round, for editing. Who is not of the place any more keeps the name in the text, and the mention. */
export function decodeMentions(body: string, named: Named[]): { text: string; named: Named[] } {
  const byId = new Map(named.map((one) => [one.id, one]));
  const text = outsideCode(body, (part) =>
    part.replace(stored, (_, name: string, user?: string) => {
      const id = user ?? 'all';
      const known = byId.get(id) ?? { id, label: name };
      byId.set(id, known);
      return `@${known.label}`;
    }),
  );
  return { text, named: [...byId.values()] };
}

/** What is being completed: a name after "@" or an emoji after ":". */
export interface Query {
  kind: 'mention' | 'emoji';
  /** Where the sign stands. */
  from: number;
  text: string;
}

export function queryAt(text: string, caret: number): Query | null {
  const before = text.slice(0, caret);
  if ((before.match(/`/g)?.length ?? 0) % 2 === 1) return null;
  const name = /(?:^|[^A-Za-z0-9_@.])@([^@\n]{0,40})$/u.exec(before)?.[1];
  if (name !== undefined) return { kind: 'mention', from: caret - name.length - 1, text: name };
  const emoji = /(?:^|[\s(（])[:：]((?:\p{Script=Han}|[a-z0-9_+-]{2})[\p{L}\p{N}_+-]{0,30})$/iu.exec(before)?.[1];
  return emoji === undefined ? null : { kind: 'emoji', from: caret - emoji.length - 1, text: emoji };
}

const folded = (text: string) => text.normalize('NFKC').toLocaleLowerCase();

/** Whose name holds what was typed; those that begin with it come first. */
export function matchNames(named: Named[], typed: string, most = 8): Named[] {
  const wanted = folded(typed);
  const rank = ({ label }: Named) => {
    const at = folded(label).indexOf(wanted);
    return at <= 0 ? at : /\s/.test(label[at - 1] ?? '') ? 1 : 2;
  };
  return named
    .map((one) => ({ one, rank: rank(one) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ one }) => one);
}
