import { describe, expect, test } from 'vitest';
import type { Profile } from '@/api/wire.gen';
import { chatMarks } from './chatMarks';

const profile = (id: string): Profile => ({ id, name: id, avatar_url: null, presence: 'online' });
const me = profile('me');
const hao = profile('hao');
const by = (author: Profile, ...ids: string[]) => ids.map((id) => ({ id, author }));
const comments = [...by(hao, 'c2', 'c3'), ...by(me, 'c4'), ...by(hao, 'c5')];
const marks = (readInChannel: string | null, seenHere: string | null, postId: string | null = 'c1') => chatMarks({ comments, postId, myId: 'me', readInChannel, seenHere });

describe('what of the chat is new', () => {
  test('what others wrote since the channel was read', () => expect(marks('c2', null).unread).toBe(2));
  test('what was seen in the room counts as well', () => expect(marks('c2', 'c4').unread).toBe(1));
  test('an older look in the room does not bring anything back', () => expect(marks('c5', 'c2')).toMatchObject({ unread: 0, seenId: 'c5' }));
  test('everything where nothing was ever read', () => expect(marks(null, null)).toMatchObject({ unread: 3, seenId: null, newestId: 'c5' }));
});

describe('what counts as unread in the channel', () => {
  test('is told with the post, when that is unread too', () => expect(marks('c0', 'c5').allUnread).toBe(4));
  test('without it once it was read', () => expect(marks('c1', 'c5').allUnread).toBe(3));
  test('without it for its author', () => expect(marks('c0', 'c5', null).allUnread).toBe(3));
});
