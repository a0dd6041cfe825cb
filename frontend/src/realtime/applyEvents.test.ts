import { beforeEach, describe, expect, test, vi } from 'vitest';
import { api } from '@/api/api';
import { channelsApi } from '@/api/channels';
import { membersApi } from '@/api/members';
import { postsApi } from '@/api/posts';
import { http, HttpResponse, mockServer, url } from '@/testing/server';
import { makeStore } from '@/app/store';
import { ada, channel, comment, lin, post } from '@/testing/entries';
import type { Arrival, Hear } from './apply/cache';
import { applyEvents } from './applyEvents';
import type { EventMap, EventName } from './events';

class FakeSource {
  handlers = new Map<string, (data: never, arrival: Arrival) => void>();

  on<K extends EventName>(type: K, handler: Hear<K>): () => void {
    this.handlers.set(type, handler);
    return () => this.handlers.delete(type);
  }

  emit<K extends EventName>(type: K, data: EventMap[K], part: Partial<Arrival> = {}): void {
    (this.handlers.get(type) as Hear<K> | undefined)?.(data, { at: '', seq: null, recovered: false, ...part });
  }
}

const server = mockServer();
let store: ReturnType<typeof makeStore>;
let source: FakeSource;

const channels = () => channelsApi.endpoints.channels.select()(store.getState()).data ?? [];
const first = () => channels()[0];
const posts = () => postsApi.endpoints.posts.select('c1')(store.getState()).data?.items ?? [];
const comments = () => postsApi.endpoints.comments.select('p1')(store.getState()).data?.items ?? [];
const members = () => membersApi.endpoints.members.select('c1')(store.getState()).data ?? [];

beforeEach(async () => {
  store = makeStore();
  source = new FakeSource();
  applyEvents(source, store);
  await store.dispatch(api.util.upsertQueryData('me', undefined, ada));
  await store.dispatch(channelsApi.util.upsertQueryData('channels', undefined, [channel()]));
  await store.dispatch(postsApi.util.upsertQueryData('posts', 'c1', { items: [post('p1'), post('p3')], older: null, newer: null, gone: [] }));
  await store.dispatch(postsApi.util.upsertQueryData('comments', 'p1', { items: [], older: null, newer: null, gone: [] }));
  await store.dispatch(membersApi.util.upsertQueryData('members', 'c1', [{ user: lin, role: 'student', joined_at: '' }]));
});

describe('posts', () => {
  test('one that is written while the first page is on its way is not missed', async () => {
    server.use(
      http.get(url('/channels/c2/posts'), () => {
        source.emit('post.created', post('p2', { channel_id: 'c2' }));
        return HttpResponse.json({ items: [post('p1', { channel_id: 'c2' })], next_cursor: null });
      }),
    );
    await store.dispatch(postsApi.endpoints.posts.initiate('c2'));
    await vi.waitFor(() => expect(postsApi.endpoints.posts.select('c2')(store.getState()).data?.items.map((p) => p.id)).toEqual(['p1', 'p2']));
  });

  test('a new one goes where its id belongs, once, and counts as unread', () => {
    source.emit('post.created', post('p2'));
    source.emit('post.created', post('p4'));
    source.emit('post.created', post('p4'));
    expect(posts().map((p) => p.id)).toEqual(['p1', 'p2', 'p3', 'p4']);
    expect(first()).toMatchObject({ latest_entry_id: 'p4', unread_count: 3 });
  });

  test("one's own is not unread", () => {
    source.emit('post.created', post('p4', { author: { ...lin, id: ada.id } }));
    expect(first()?.unread_count).toBe(0);
  });

  test('an edit replaces, a deletion removes', () => {
    source.emit('post.updated', post('p3', { body: 'changed', pinned: true }));
    source.emit('post.deleted', { id: 'p1', channel_id: 'c1' });
    expect(posts()).toEqual([post('p3', { body: 'changed', pinned: true })]);
  });

  test('an edit of one older than what is loaded waits for its page', async () => {
    await store.dispatch(postsApi.util.upsertQueryData('posts', 'c1', { items: [post('p5')], older: 'p5', newer: null, gone: [] }));
    source.emit('post.updated', post('p1', { body: 'old' }));
    expect(posts().map((p) => p.id)).toEqual(['p5']);
  });

  test('reactions replace those of the entry', () => {
    const reactions = [{ emoji: '👍', user_ids: ['u-lin'] }];
    source.emit('reaction.changed', { kind: 'post', id: 'p1', channel_id: 'c1', post_id: 'p1', reactions });
    expect(posts()[0]?.reactions).toEqual(reactions);
  });
});

describe('comments', () => {
  test('one comes under its post and is counted there; its deletion takes both back', () => {
    source.emit('comment.created', comment('q1'));
    expect(comments().map((c) => c.id)).toEqual(['q1']);
    expect(posts()[0]?.comment_count).toBe(1);
    source.emit('comment.deleted', { id: 'q1', channel_id: 'c1', post_id: 'p1' });
    expect(comments()).toEqual([]);
    expect(posts()[0]?.comment_count).toBe(0);
  });
});

describe('channels', () => {
  test('reading elsewhere clears the count here', () => {
    source.emit('post.created', post('p4'));
    source.emit('channel.read', { channel_id: 'c1', last_read_id: 'p4', unread_count: 0 });
    expect(first()).toMatchObject({ unread_count: 0, last_read_id: 'p4' });
    source.emit('post.created', post('p2')); // arrives late, is older than the mark
    expect(first()?.unread_count).toBe(0);
  });

  test('a lesson starts and ends', () => {
    const settings = { microphones_locked: false, cameras_locked: false, screen_locked: false, chat_locked: false, lobby: false, many_screens: false };
    const meeting = { id: 'm1', channel_id: 'c1', host: lin, settings, participant_count: 0, started_at: '', ended_at: null };
    source.emit('meeting.started', meeting);
    expect(first()?.active_meeting?.id).toBe('m1');
    source.emit('meeting.people', { meeting_id: 'm1', channel_id: 'c1', participant_count: 28 });
    expect(first()?.active_meeting?.participant_count).toBe(28);
    source.emit('meeting.people', { meeting_id: 'm0', channel_id: 'c1', participant_count: 1 });
    expect(first()?.active_meeting?.participant_count).toBe(28);
    source.emit('meeting.ended', { meeting_id: 'm0', channel_id: 'c1', reason: 'empty' });
    expect(first()?.active_meeting?.id).toBe('m1');
    source.emit('meeting.ended', { meeting_id: 'm1', channel_id: 'c1', reason: 'ended' });
    expect(first()?.active_meeting).toBeNull();
  });

  test('being removed takes the channel away', () => {
    source.emit('channel.member_left', { channel_id: 'c1', member: { user: { ...lin, id: ada.id }, role: 'student', joined_at: '' }, member_count: 1 });
    expect(channels()).toEqual([]);
  });

  test('a new role of mine and of others shows', () => {
    source.emit('channel.member_updated', { channel_id: 'c1', member: { user: lin, role: 'assistant', joined_at: '' }, member_count: 2 });
    source.emit('channel.member_updated', { channel_id: 'c1', member: { user: { ...lin, id: ada.id }, role: 'student', joined_at: '' }, member_count: 2 });
    expect(members()[0]?.role).toBe('assistant');
    expect(first()?.my_role).toBe('student');
  });

  test('presence and a new name reach the members', () => {
    source.emit('presence.changed', { user_id: lin.id, presence: 'offline' });
    expect(members()[0]?.user.presence).toBe('offline');
    source.emit('user.updated', { ...lin, name: 'Lin' });
    expect(members()[0]?.user.name).toBe('Lin');
    expect(posts()[0]?.author.name).toBe('Lin');
  });

  test('a new picture reaches every cached profile and one’s own account, a deleted account loses its name', async () => {
    await store.dispatch(postsApi.util.upsertQueryData('comments', 'p1', { items: [comment('k1')], older: null, newer: null, gone: [] }));
    await store.dispatch(membersApi.util.upsertQueryData('searchUsers', 'li', [lin]));
    source.emit('user.updated', { ...lin, avatar_url: '/a/2' });
    expect(comments()[0]?.author.avatar_url).toBe('/a/2');
    expect(membersApi.endpoints.searchUsers.select('li')(store.getState()).data?.[0]?.avatar_url).toBe('/a/2');
    source.emit('user.updated', { ...lin, id: ada.id, name: 'Ada L.', avatar_url: '/a/3' });
    expect(api.endpoints.me.select()(store.getState()).data).toEqual({ ...ada, name: 'Ada L.', avatar_url: '/a/3' });
    source.emit('user.updated', { ...lin, name: '', avatar_url: null, deleted: true });
    expect(comments()[0]?.author).toMatchObject({ name: '', deleted: true });
  });
});

