import { copyWithStructuralSharing, skipToken } from '@reduxjs/toolkit/query/react';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useMessagesQuery } from '@/api/conversations';
import { useCommentsQuery, usePostsQuery } from '@/api/posts';
import { asProblem, type Problem } from '@/api/problem';
import { loadAround, loadLatest, loadNewer, loadOlder, type StreamName, trimStream } from '@/api/streams';
import { type Stream, WINDOW } from '@/api/entries';
import type { Comment, Message, Post } from '@/api/wire.gen';
import { useAppDispatch } from '../hooks';

interface Entries {
  posts: Post;
  comments: Comment;
  messages: Message;
}

/** An entry that somebody followed a link to; `key` changes with every click on one. */
export interface Target {
  id: string;
  key: string;
}

/** A stream as a list shows it: what is here, and ways to get what is not. */
export interface StreamView<T> {
  /** Undefined while nothing is here yet. */
  items: T[] | undefined;
  problem: Problem | null;
  refetch: () => void;
  /** More before and behind what is here. */
  hasOlder: boolean;
  hasNewer: boolean;
  loading: 'older' | 'newer' | 'window' | null;
  /** What the last page failed with; it is not asked for again by itself. */
  pageProblem: Problem | null;
  loadOlder: () => void;
  loadNewer: () => void;
  /** Shows the newest; done at once when they are here. */
  loadLatest: () => Promise<void>;
  /** The entry to bring into view, once it is here; null when there is none or it cannot be found. */
  target: Target | null;
  /** The target is not there any more. */
  missing: Target | null;
}

/**
 * The posts of a channel, the comments of a post or the messages of a conversation. With a target the window around it is
 * loaded; without one it is the newest. Nothing is asked for while `skip` is set.
 */
export function useStream<N extends StreamName>(name: N, id: string, target: Target | null = null, { skip = false } = {}): StreamView<Entries[N]> {
  const dispatch = useAppDispatch();
  const posts = usePostsQuery(name === 'posts' && !skip ? id : skipToken);
  const comments = useCommentsQuery(name === 'comments' && !skip ? id : skipToken);
  const messages = useMessagesQuery(name === 'messages' && !skip ? id : skipToken);
  const query = name === 'posts' ? posts : name === 'comments' ? comments : messages;
  const stream = useShared<Post | Comment | Message>(query.data);
  const before = useDeferredValue(stream);
  const shown = stream && before && pagedFrom(before, stream) ? before : stream;
  const [loading, setLoading] = useState<StreamView<unknown>['loading']>(null);
  const [pageProblem, setPageProblem] = useState<Problem | null>(null);
  const [missing, setMissing] = useState<Target | null>(null);
  const busy = useRef(false);

  const load = useCallback(
    async (what: NonNullable<typeof loading>, action: unknown): Promise<Problem | null> => {
      busy.current = true;
      setLoading(what);
      const problem = await (dispatch(action as never) as unknown as Promise<void>).then(() => null, asProblem);
      busy.current = false;
      setLoading(null);
      return problem;
    },
    [dispatch],
  );

  const page = (what: 'older' | 'newer') => {
    if (busy.current || !stream?.[what]) return;
    void load(what, (what === 'older' ? loadOlder : loadNewer)(name, id)).then(setPageProblem);
  };

  const latest = useCallback(async () => {
    if (stream && stream.newer === null) return;
    setPageProblem(await load('window', loadLatest(name, id)));
  }, [stream, load, name, id]);

  // Coming without a target one comes to read what is new, wherever one was the last time.
  const opened = useRef(false);
  useEffect(() => {
    if (!stream || opened.current) return;
    opened.current = true;
    if (target === null) void latest();
  }, [stream, target, latest]);

  const here = target !== null && (shown?.items.some((item) => item.id === target.id) ?? false);
  const asked = useRef<string | null>(null);
  useEffect(() => {
    if (!stream || target === null || here || asked.current === target.key) return;
    asked.current = target.key;
    void load('window', loadAround(name, id, target.id)).then((problem) => {
      if (problem?.status === 404) setMissing(target);
      else setPageProblem(problem);
    });
  }, [stream, target, here, load, name, id]);

  // What is far above the newest is let go of, when nobody pages through it.
  const long = stream !== undefined && stream.newer === null && stream.items.length > WINDOW + 50;
  useEffect(() => {
    if (long && !busy.current) dispatch(trimStream(name, id) as never);
  }, [long, dispatch, name, id]);

  return {
    items: shown?.items as Entries[N][] | undefined,
    problem: query.error ? asProblem(query.error) : null,
    refetch: () => void query.refetch(),
    hasOlder: Boolean(shown?.older),
    hasNewer: Boolean(shown?.newer),
    loading,
    pageProblem,
    loadOlder: () => page('older'),
    loadNewer: () => page('newer'),
    loadLatest: latest,
    target: here ? target : null,
    missing,
  };
}

/**
 * Whether what is new is a page that scrolling has brought. Its rows are made in the pauses between frames, and all come in at
 * once when they are ready; anything else shows without delay.
 */
function pagedFrom(before: Stream<{ id: string }>, now: Stream<{ id: string }>): boolean {
  const [first] = before.items;
  const last = before.items.at(-1);
  if (!first || !last || before.gone !== now.gone) return false;
  return (before.older !== now.older && now.items.includes(first)) || (before.newer !== now.newer && now.items.includes(last));
}

/**
 * The same stream, with the very entries of before where nothing in them has changed. The cache makes all of them anew when a
 * page comes in front, and each would be drawn again.
 */
function useShared<T extends { id: string }>(stream: Stream<T> | undefined): Stream<T> | undefined {
  const known = useRef(new Map<string, T>());
  const shared = useMemo(
    () => stream && { ...stream, items: stream.items.map((item) => copyWithStructuralSharing(known.current.get(item.id), item)) },
    [stream],
  );
  useEffect(() => {
    known.current = new Map(shared?.items.map((item) => [item.id, item]));
  }, [shared]);
  return shared;
}
