import { expect, test } from 'vitest';
import type { PlaybackEdit, Playlist } from '@/api/wire.gen';
import { SocketError } from '@/realtime/socket';
import { FakeSocket } from '@/testing/fakeSocket';
import { PlaylistEditor } from './playlistEditor';

/** A server that keeps a list as Lectern does, and another teacher who may get in first. */
function setting(ids: string) {
  const entry = (id: string) => ({ id, item: { kind: 'file' as const, file_id: id }, problem: '' as const });
  let stored: Playlist = { channel_id: 'c', v: 1, entries: [...ids].map(entry), current_id: '', auto_next: false };
  const set = (next: string) => (stored = { ...stored, v: stored.v + 1, entries: [...next].map(entry) });
  let before: (() => void) | undefined;
  const socket = new FakeSocket();
  socket.answer('playback.edit', (data) => {
    before?.();
    before = undefined;
    const { base_v, op, entry_id, to } = data as PlaybackEdit;
    if (base_v !== stored.v) throw new SocketError('conflict', 'Somebody else …', 409, {}, stored);
    const others = stored.entries.map(({ id }) => id).filter((id) => id !== entry_id);
    if (op === 'move' && entry_id) others.splice(to ?? others.length, 0, entry_id);
    if (op === 'add') others.splice(to ?? others.length, 0, 'n');
    set(others.join(''));
    return { playlist: stored };
  });
  const shown: string[] = [];
  const editor = new PlaylistEditor(socket, (list) => shown.push(list?.entries.map(({ id }) => (id.startsWith('pending') ? '+' : id)).join('') ?? ''));
  editor.receive(stored);
  const meanwhile = (next: string) => (before = () => set(next));
  return { socket, editor, shown, meanwhile, set, stored: () => stored };
}

test('an edit shows at once and the answer replaces it', async () => {
  const { editor, shown } = setting('ab');
  await editor.edit({ op: 'add', item: { kind: 'file', file_id: 'n' } });
  expect(shown.filter((order, i) => order !== shown[i - 1])).toEqual(['ab', 'ab+', 'abn']);
});

test('another teacher was first: the edit is made anew in that list and not lost', async () => {
  const { editor, shown, meanwhile, socket } = setting('abc');
  meanwhile('xabc');
  await editor.edit({ op: 'move', entryId: 'c', place: { after: 'a', before: 'b' } });
  expect(shown.at(-1)).toBe('xacb');
  expect(socket.sent.map(({ data }) => (data as PlaybackEdit).base_v)).toEqual([1, 2]);
  expect(new Set(socket.sent.map(({ data }) => (data as PlaybackEdit).id)).size).toBe(2);
});

test('two edits go one after the other, each against the newest list', async () => {
  const { editor, shown, socket } = setting('abc');
  await Promise.all([editor.edit({ op: 'remove', entryId: 'a' }), editor.edit({ op: 'remove', entryId: 'b' })]);
  expect(shown.at(-1)).toBe('c');
  expect(socket.sent.map(({ data }) => (data as PlaybackEdit).base_v)).toEqual([1, 2]);
});

test('what the other one removed already needs no command', async () => {
  const { editor, shown, set, socket } = setting('ab');
  editor.receive(set('b'));
  await editor.edit({ op: 'remove', entryId: 'a' });
  expect(shown.at(-1)).toBe('b');
  expect(socket.sent).toEqual([]);
});

test('a refused edit is taken back and said', async () => {
  const { editor, shown, socket } = setting('ab');
  socket.answer('playback.edit', () => {
    throw new SocketError('forbidden', 'Teachers only.', 403);
  });
  await expect(editor.edit({ op: 'remove', entryId: 'a' })).rejects.toThrow('Teachers only.');
  expect(shown.at(-1)).toBe('ab');
});

test('an event that an answer has overtaken changes nothing', () => {
  const { editor, shown, set, stored } = setting('ab');
  const old = stored();
  editor.receive(set('abc'));
  editor.receive(old);
  expect(shown.at(-1)).toBe('abc');
});
