import type { Plugin } from 'vite';
import { mergeConfig } from 'vitest/config';
import base from './vite.config';

interface Mutant {
  file: string;
  edits: [string, string][];
}

/** Puts one mistake into one file as it is loaded, for `make mutants`; the file itself stays as it is. */
const mutate = ({ file, edits }: Mutant): Plugin => ({
  name: 'mutate',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith(`/${file}`)) return null;
    for (const [from, to] of edits) {
      if (code.split(from).length !== 2) throw new Error(`${file} does not have exactly one: ${from}`);
      code = code.replace(from, () => to);
    }
    return { code, map: null };
  },
});

const mutant = process.env.MUTANT;
export default mergeConfig(base, { plugins: mutant ? [mutate(JSON.parse(mutant) as Mutant)] : [] });
