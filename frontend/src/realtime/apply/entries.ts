import { dropEntry, mergeEntry } from '@/api/entries';
import { fetchPost } from '@/api/posts';
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

  /** Counts a comment under its post, or asks how many there are where it cannot be told. */
  const countComment = (channelId: string, postId: string, by: number, { recovered }: Arrival) => {
    if (recovered || cache.loads('posts', channelId)) return recount(channelId, postId);
    cache.stream('posts', channelId, (stream) => {
      const post = stream.items.find((one) => one.id === postId) as Post | undefined;
      if (post) post.comment_count = Math.max(0, post.comment_count + by);
    });
  };

  return [
    events.on('post.created', (post, arrival) => {
      cache.stream('posts', post.channel_id, (stream) => mergeEntry(stream, post));
      arrived(post, arrival);
    }),
    events.on('post.updated', (post) => cache.stream('posts', post.channel_id, (stream) => mergeEntry(stream, post))),
    events.on('post.deleted', ({ id, channel_id }) => cache.stream('posts', channel_id, (stream) => dropEntry(stream, id))),

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

/** Asks for posts again whose number of comments is uncertain, each once however many comments came. */
function recounting(cache: Cache): (channelId: string, postId: string) => void {
  const wanted = new Map<string, string>();
  const flush = async () => {
    const posts = [...wanted];
    wanted.clear();
    for (const [id, channelId] of posts) {
      const shown = () => selectStream('posts', channelId)(cache.state)?.items.some((one) => one.id === id);
      if (!shown()) continue;
      const post = await fetchPost(id).catch(() => null); // one that is gone, or no connection: the next recovery asks again
      if (!post) continue;
      cache.dispatch(
        changeStream('posts', channelId, (stream) => {
          const found = stream.items.find((one) => one.id === id) as Post | undefined;
          if (found) found.comment_count = post.comment_count;
        }),
      );
    }
  };
  return (channelId, postId) => {
    if (wanted.size === 0) queueMicrotask(() => void flush());
    wanted.set(postId, channelId);
  };
}
