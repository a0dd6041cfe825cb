import { api } from '@/api/api';
import { dropEntry, mergeEntry } from '@/api/entries';
import { fetchPost, fetchPosts } from '@/api/posts';
import { changeStream, selectStream } from '@/api/streams';
import type { Comment, Post } from '@/api/wire.gen';
import { stopped } from '../typing';
import { type Arrival, type Cache, counts, type Source } from './cache';

/** Posts, comments and what people feel about them. */
export function applyEntries(events: Source, cache: Cache): (() => void)[] {
  const recount = recounting(cache);

  const arrived = (entry: Post | Comment, arrival: Arrival) => {
    cache.dispatch(stopped({ placeId: entry.channel_id, userId: entry.author.id }));
    const mine = entry.author.id === cache.myId;
    const names = mentions(entry.body, cache.myId);
    cache.channel(entry.channel_id, (channel) => {
      if (channel.latest_entry_id === null || entry.id > channel.latest_entry_id) channel.latest_entry_id = entry.id;
      // Ids are in order of creation: one below the mark has been read already.
      const unread = !mine && (channel.last_read_id === null || entry.id > channel.last_read_id);
      if (!counts(channel, arrival) || !unread) return;
      channel.unread_count += 1;
      if (names) channel.mention_count += 1;
    });
  };

  /** How many of those that are gone had been unread, comments included, only the server knows. */
  const left = (channelId: string, { recovered }: Arrival) => {
    const channel = cache.channels.find((one) => one.id === channelId);
    if (!recovered && channel && channel.unread_count > 0) cache.dispatch(api.util.invalidateTags(['Channels']));
  };

  /** Counts a comment under its post, or asks how many there are where it cannot be told. */
  const countComment = (channelId: string, postId: string, by: number, { recovered }: Arrival) => {
    if (recovered || recount.doubts(postId) || cache.loads('posts', channelId)) return recount.ask(channelId, postId);
    cache.stream('posts', channelId, (stream) => {
      const post = stream.items.find((one) => one.id === postId) as Post | undefined;
      if (post) post.comment_count = Math.max(0, post.comment_count + by);
    });
  };

  /** A post as it is now may count comments whose events are still to come. */
  const recounted = (post: Post, { recovered }: Arrival) => {
    if (recovered) recount.ask(post.channel_id, post.id);
  };

  return [
    events.on('post.created', (post, arrival) => {
      cache.stream('posts', post.channel_id, (stream) => mergeEntry(stream, post));
      arrived(post, arrival);
      recounted(post, arrival);
    }),
    events.on('post.updated', (post, arrival) => {
      cache.stream('posts', post.channel_id, (stream) => mergeEntry(stream, post));
      recounted(post, arrival);
    }),
    events.on('post.deleted', ({ id, channel_id }, arrival) => {
      cache.stream('posts', channel_id, (stream) => dropEntry(stream, id));
      left(channel_id, arrival);
    }),

    events.on('comment.created', (comment, arrival) => {
      cache.stream('comments', comment.post_id, (stream) => mergeEntry(stream, comment));
      countComment(comment.channel_id, comment.post_id, 1, arrival);
      arrived(comment, arrival);
    }),
    events.on('comment.updated', (comment) => cache.stream('comments', comment.post_id, (stream) => mergeEntry(stream, comment))),
    events.on('comment.deleted', ({ id, channel_id, post_id }, arrival) => {
      if (post_id === undefined) return;
      cache.stream('comments', post_id, (stream) => dropEntry(stream, id));
      countComment(channel_id, post_id, -1, arrival);
      left(channel_id, arrival);
    }),

    events.on('reaction.changed', ({ kind, id, channel_id, post_id, conversation_id, reactions }) => {
      const [name, place] = kind === 'message' ? (['messages', conversation_id] as const) : kind === 'comment' ? (['comments', post_id] as const) : (['posts', channel_id] as const);
      if (place === undefined) return;
      cache.stream(name, place, (stream) => {
        const entry = stream.items.find((one) => one.id === id);
        if (entry) entry.reactions = reactions;
      });
    }),
  ];
}

/** Whether a text mentions a person, by name or among all. */
function mentions(body: string, userId: string | undefined): boolean {
  return body.includes('](all)') || (userId !== undefined && body.includes(`](user:${userId})`));
}

/** How long nothing may have happened before posts are asked how many comments they have, in milliseconds. */
const QUIET_MS = 250;

/** How many posts are asked for one by one; more come as the newest page. */
const FEW = 5;

interface Recount {
  /** Whether what is shown of a post may be wrong, so that counting on makes no sense. */
  doubts: (postId: string) => boolean;
  ask: (channelId: string, postId: string) => void;
}

/** Asks for posts again whose number of comments is uncertain, once things are quiet; each once however many comments came. */
function recounting(cache: Cache): Recount {
  const wanted = new Map<string, string>();
  const asked = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = async () => {
    const doubted = [...wanted];
    wanted.clear();
    for (const [id] of doubted) asked.add(id);
    for (const channelId of new Set(doubted.map(([, channel]) => channel))) {
      const shown = new Set(selectStream('posts', channelId)(cache.state)?.items.map((item) => item.id));
      const ids = doubted.filter(([id, channel]) => channel === channelId && shown.has(id)).map(([id]) => id);
      const posts = await (ids.length > FEW ? fetchPosts(channelId) : Promise.all(ids.map(fetchPost))).catch(() => []); // the next recovery asks again
      const counts = new Map(posts.flatMap(({ id, comment_count }) => (ids.includes(id) && !wanted.has(id) ? [[id, comment_count]] : [])));
      cache.dispatch(
        changeStream('posts', channelId, (stream) => {
          for (const post of stream.items as Post[]) post.comment_count = counts.get(post.id) ?? post.comment_count;
        }),
      );
    }
    for (const [id] of doubted) asked.delete(id);
  };
  return {
    doubts: (postId) => wanted.has(postId) || asked.has(postId),
    ask: (channelId, postId) => {
      wanted.set(postId, channelId);
      clearTimeout(timer);
      timer = setTimeout(() => void flush(), QUIET_MS);
    },
  };
}
