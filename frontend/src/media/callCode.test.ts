import { expect, test } from 'vitest';
import { type PeerMessage, parsePeerMessage } from './callChannel';
import { CODE_ALPHABET, CODE_LENGTH, callCode, CodeExchange } from './callCode';

/** Two sides that see these fingerprints; `between` may change what they say to each other. */
async function exchange(mei: [string, string], hao: [string, string], between: (message: PeerMessage) => PeerMessage = (message) => message) {
  const codes: Record<string, number[]> = {};
  const waiting: [CodeExchange, PeerMessage][] = [];
  const side = (name: string, [own, theirs]: [string, string], to: () => CodeExchange) =>
    new CodeExchange('call', () => ({ own, theirs }), (message) => waiting.push([to(), between(message)]), (code) => (codes[name] = code));
  const a: CodeExchange = side('mei', mei, () => b);
  const b: CodeExchange = side('hao', hao, () => a);
  await Promise.all([a.begin(), b.begin()]);
  for (let next = waiting.shift(); next; next = waiting.shift()) await next[0].take(next[1]);
  return codes;
}

test('both sides of one connection see the same code', async () => {
  const { mei, hao } = await exchange(['A', 'B'], ['B', 'A']);
  expect(mei).toHaveLength(CODE_LENGTH);
  expect(mei).toEqual(hao);
  expect(mei?.every((number) => number >= 0 && number < CODE_ALPHABET)).toBe(true);
});

test('with somebody in between they see different ones, or none', async () => {
  const { mei, hao } = await exchange(['A', 'M1'], ['B', 'M2']);
  expect(mei).not.toEqual(hao);
  const forged = await exchange(['A', 'B'], ['B', 'A'], (message) => (message.type === 'reveal' ? { type: 'reveal', nonce: 'another' } : message));
  expect(forged).toEqual({});
});

test('another call, another code', async () => {
  const sides = [
    { fingerprint: 'A', nonce: '1' },
    { fingerprint: 'B', nonce: '2' },
  ];
  expect(await callCode('one', sides)).toEqual(await callCode('one', [...sides].reverse()));
  expect(await callCode('one', sides)).not.toEqual(await callCode('two', sides));
});

test.each([
  ['{"type":"bye"}', true],
  ['{"type":"state","state":{"muted":true}}', true],
  ['{"type":"state","state":null}', false],
  ['{"type":"file","id":"x","name":"n","size":-1,"mime":""}', false],
  ['{"type":"file","id":"x","name":"n","size":1.5,"mime":""}', false],
  [`{"type":"file","id":"x","name":"${'n'.repeat(300)}","size":1,"mime":""}`, false],
  ['{"type":"toString"}', false],
  ['null', false],
  ['no JSON', false],
  [`{"type":"bye","x":"${'x'.repeat(20_000)}"}`, false],
])('a message of the other side is read only when it is one: %s', (text, is) => {
  expect(parsePeerMessage(text) !== null).toBe(is);
});
