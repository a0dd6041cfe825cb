import { expect, test } from 'vitest';
import { snippet } from './snippet';

test.each([
  ['**Read** _this_ `now`', 'Read this now'],
  ['# Title\n\n- [x] one\n- two', 'Title one two'],
  ['@[林怡君](user:1) see [the page](https://example.org)', '@林怡君 see the page'],
  ['```go\nfunc main() {}\n```', 'func main() {}'],
  ['snake_case and 2*3*4', 'snake_case and 2*3*4'],
])('%j in one line', (body, line) => expect(snippet(body)).toBe(line));

test('a long text is cut between characters', () => expect(snippet('👍'.repeat(200), 3)).toBe('👍👍👍…'));
