import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import imported from './mantine.ts?raw';

const sources = import.meta.glob<string>('../**/*.tsx', { query: '?raw', import: 'default', eager: true });
const styled = new Set(
  readdirSync('node_modules/@mantine/core/styles')
    .filter((name) => name.endsWith('.layer.css'))
    .map((name) => name.replace('.layer.css', '')),
);

test('every Mantine component in use has its styles', () => {
  const used = new Set<string>();
  for (const text of Object.values(sources)) {
    for (const [, names] of text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)) {
      for (const name of (names ?? '').split(',')) used.add(name.replace(/\btype\b/, '').trim());
    }
  }
  const missing = [...used].filter((name) => styled.has(name) && !imported.includes(`/${name}.layer.css`));
  expect(missing).toEqual([]);
});
