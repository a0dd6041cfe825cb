import { expect, test } from 'vitest';
import { sends } from './keys';

const key = (init: KeyboardEventInit & { keyCode?: number }) => new KeyboardEvent('keydown', { key: 'Enter', ...init });

test('Enter sends', () => {
  expect(sends(key({}), false)).toBe(true);
});

test.each([
  ['Shift + Enter', { shiftKey: true }],
  ['Enter that ends a composition', { isComposing: true }],
  ["Safari's Enter that ends a composition", { keyCode: 229 }],
  ['another key', { key: 'a' }],
])('%s does not', (_, init) => {
  expect(sends(key(init), false)).toBe(false);
});

test('on a touch keyboard Enter makes a new line', () => {
  expect(sends(key({}), true)).toBe(false);
});
