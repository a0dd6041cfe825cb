import type { Change, Changes, Channel, Comment, Heads, List, Post } from '@/api/wire.gen';
import type { ServerEvent } from '@/realtime';
import type { EventName } from '@/realtime/events';
import { channel, comment, lin, post } from './entries';
import { http, HttpResponse, url } from './server';

const scope = 'channel:c1';

/**
 * One channel as the server keeps it, with its change log, for tests of what a client makes of it. Each change answers the
 * event that the socket would carry.
 */
export class ModelServer {
  readonly posts = new Map<string, Post>();
  readonly comments = new Map<string, Comment>();
  seq = 0;
  /** Changes up to here have been forgotten. */
  forgotten = 0;
  #count = 0;
  readonly #log: { seq: number; type: EventName; kind: string; id: string; postId?: string }[] = [];

  write(): ServerEvent {
    const made = post(this.#id('p'), { author: lin });
    this.posts.set(made.id, made);
    return this.#record('post.created', 'post', made.id, made);
  }

  comment(postId: string): ServerEvent {
    const made = comment(this.#id('q'), { post_id: postId });
    this.comments.set(made.id, made);
    (this.posts.get(postId) as Post).comment_count += 1;
    return this.#record('comment.created', 'comment', made.id, made, postId);
  }

  edit(id: string): ServerEvent {
    const next = { ...(this.posts.get(id) as Post), body: `edited ${this.seq}`, edited_at: stamp(++this.#count) };
    this.posts.set(id, next);
    return this.#record('post.updated', 'post', id, next);
  }

  react(id: string): ServerEvent {
    const reactions = [{ emoji: '👍', user_ids: [`u${++this.#count}`] }];
    this.posts.set(id, { ...(this.posts.get(id) as Post), reactions });
    return this.#record('reaction.changed', 'reaction', id, { kind: 'post', id, channel_id: 'c1', post_id: id, reactions });
  }

  remove(id: string): ServerEvent {
    this.posts.delete(id);
    for (const one of this.comments.values()) if (one.post_id === id) this.comments.delete(one.id);
    return this.#record('post.deleted', 'post', id, { id, channel_id: 'c1' });
  }

  removeComment(id: string): ServerEvent {
    const { post_id } = this.comments.get(id) as Comment;
    this.comments.delete(id);
    (this.posts.get(post_id) as Post).comment_count -= 1;
    return this.#record('comment.deleted', 'comment', id, { id, channel_id: 'c1', post_id }, post_id);
  }

  channel(): Channel {
    const newest = [...this.posts.keys(), ...this.comments.keys()].sort().at(-1) ?? null;
    return channel({ seq: this.seq, unread_count: this.posts.size + this.comments.size, latest_entry_id: newest });
  }

  heads(): Heads {
    return { heads: { [scope]: this.seq } };
  }

  changes(after: number, limit: number): Changes {
    if (after < this.forgotten) return { items: [], seq: this.seq, more: false, reset: true };
    const page = this.#log.filter((one) => one.seq > after).slice(0, limit);
    const last = page.at(-1)?.seq ?? after;
    const latest = new Map(page.map((one) => [`${one.kind}:${one.id}`, one]));
    const items = [...latest.values()].sort((a, b) => a.seq - b.seq).flatMap((one): Change[] => {
      const change = this.#now(one);
      return change ? [{ ...change, seq: one.seq, at: stamp(one.seq) }] : [];
    });
    return { items, seq: last, more: last < this.seq, reset: false };
  }

  list(query: URLSearchParams): List<Post> {
    const limit = Number(query.get('limit') ?? 30);
    const before = query.get('before');
    const all = [...this.posts.values()].filter((one) => !before || one.id < before).sort((a, b) => (a.id < b.id ? 1 : -1));
    const items = structuredClone(all.slice(0, limit));
    return { items, next_cursor: all.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** Its routes; `delay` holds an answer back after it was read. */
  handlers(delay: () => Promise<void>) {
    const answer = async (body: unknown) => {
      const read = structuredClone(body);
      await delay();
      return HttpResponse.json(read as never);
    };
    return [
      http.get(url('/changes/heads'), () => answer(this.heads())),
      http.get(url('/changes'), ({ request }) => {
        const query = new URL(request.url).searchParams;
        return answer(this.changes(Number(query.get('after')), Number(query.get('limit'))));
      }),
      http.get(url('/channels'), () => answer({ items: [this.channel()], next_cursor: null })),
      http.get(url('/conversations'), () => answer({ items: [], next_cursor: null })),
      http.get(url('/channels/c1/posts'), ({ request }) => answer(this.list(new URL(request.url).searchParams))),
      http.get(url('/posts/:id'), async ({ params }) => {
        const found = this.posts.get(String(params.id));
        return found ? answer(found) : HttpResponse.json({ code: 'not_found', detail: '' }, { status: 404 });
      }),
    ];
  }

  #now({ kind, id, postId }: { kind: string; id: string; postId?: string }): { type: EventName; data: unknown } | null {
    if (kind === 'comment') {
      const found = this.comments.get(id);
      return found ? { type: 'comment.created', data: found } : { type: 'comment.deleted', data: { id, channel_id: 'c1', post_id: postId } };
    }
    const found = this.posts.get(id);
    if (kind === 'reaction') return found ? { type: 'reaction.changed', data: { kind: 'post', id, channel_id: 'c1', post_id: id, reactions: found.reactions } } : null;
    return found ? { type: 'post.updated', data: found } : { type: 'post.deleted', data: { id, channel_id: 'c1' } };
  }

  #record(type: EventName, kind: string, id: string, data: unknown, postId?: string): ServerEvent {
    this.seq += 1;
    this.#log.push({ seq: this.seq, type, kind, id, ...(postId !== undefined && { postId }) });
    return { type, data: structuredClone(data) as never, at: stamp(this.seq), scope, seq: this.seq };
  }

  #id(kind: string): string {
    return `${String(++this.#count).padStart(6, '0')}-${kind}`;
  }
}

function stamp(n: number): string {
  return `2026-03-02T${String(n).padStart(9, '0')}Z`;
}
