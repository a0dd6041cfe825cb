import type { Channel, Comment, Me, Post, Profile } from '@/api/wire.gen';

const at = '2026-03-02T08:00:00.000Z';

export const ada: Me = { id: 'u-ada', email: 'ada@school.test', name: 'Ada', avatar_url: null, locale: 'en', role: 'user', email_verified: true,
  student_number: '', created_at: at };

export const lin: Profile = { id: 'u-lin', name: '林怡君', avatar_url: null, presence: 'online' };

export function channel(part: Partial<Channel> = {}): Channel {
  return {
    id: 'c1',
    name: 'Algebra',
    description: '',
    my_role: 'owner',
    member_count: 2,
    unread_count: 0,
    last_read_id: null,
    latest_entry_id: null,
    active_meeting: null,
    posting: 'everyone',
    archived_at: null,
    level: 'mentions',
    favourite: false,
    position: 0,
    mention_count: 0,
    seq: 0,
    created_at: at,
    ...part,
  };
}

export function post(id: string, part: Partial<Post> = {}): Post {
  return {
    id,
    channel_id: 'c1',
    author: lin,
    body: `post ${id}`,
    files: [],
    reactions: [],
    comment_count: 0,
    pinned: false,
    client_id: null,
    created_at: at,
    edited_at: null,
    ...part,
  };
}

export function comment(id: string, part: Partial<Comment> = {}): Comment {
  return {
    id,
    post_id: 'p1',
    channel_id: 'c1',
    author: lin,
    body: `comment ${id}`,
    files: [],
    reactions: [],
    client_id: null,
    created_at: at,
    edited_at: null,
    ...part,
  };
}
