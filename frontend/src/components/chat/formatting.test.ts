import { expect, test } from 'vitest';
import { type Edit, formatOf, makeLink, toggleMark } from './formatting';

const apply = (text: string, edit: Edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to);

test('marks go around the selection and away again', () => {
  const edit = toggleMark('so good', 3, 7, '**');
  const bold = apply('so good', edit);
  expect(bold).toBe('so **good**');
  expect(bold.slice(...edit.select)).toBe('good');
  expect(apply(bold, toggleMark(bold, ...edit.select, '**'))).toBe('so good');
});

test('code of several lines becomes a block', () => {
  expect(apply('a\nb', toggleMark('a\nb', 0, 3, '`'))).toBe('```\na\nb\n```');
});

test('a link waits for its address, or for its words', () => {
  const link = makeLink('see here', 4, 8);
  expect(apply('see here', link)).toBe('see [here](https://)');
  expect(apply('see here', link).slice(...link.select)).toBe('https://');
  expect(apply('https://a.tw', makeLink('https://a.tw', 0, 12))).toBe('[](https://a.tw)');
});

test('only with Ctrl or ⌘ a key formats', () => {
  const key = (key: string, part = {}) => formatOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...part });
  expect(key('b')).toBeNull();
  expect(key('b', { ctrlKey: true })).toBe('**');
  expect(key('I', { metaKey: true })).toBe('_');
  expect(key('b', { ctrlKey: true, altKey: true })).toBeNull();
});
