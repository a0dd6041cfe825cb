import type { Comment } from '@/api/wire.gen';

interface Marks {
  /** Oldest first. */
  comments: Pick<Comment, 'id' | 'author'>[];
  /** The meeting's post, if somebody else has written it. */
  postId: string | null;
  myId: string;
  readInChannel: string | null;
  seenHere: string | null;
}

/** What of the chat is new. Ids are in the order of creation. */
export function chatMarks({ comments, postId, myId, readInChannel, seenHere }: Marks) {
  const seenId = [readInChannel, seenHere].reduce((a, b) => ((a ?? '') > (b ?? '') ? a : b));
  const later = (mark: string | null) => comments.filter(({ id, author }) => id > (mark ?? '') && author.id !== myId).length;
  return {
    unread: later(seenId),
    seenId,
    newestId: comments.at(-1)?.id ?? null,
    /** How many entries of the channel that count as unread there belong to the chat. */
    allUnread: later(readInChannel) + (postId !== null && postId > (readInChannel ?? '') ? 1 : 0),
  };
}
