/** Ids as notifications and search results carry them. */
interface Whereabouts {
  channel_id?: string;
  post_id?: string;
  comment_id?: string;
  conversation_id?: string;
  message_id?: string;
}

/** The page that shows an entry, as one window of the app knows it. */
export function permalink({ channel_id, post_id, comment_id, conversation_id, message_id }: Whereabouts): string {
  if (conversation_id) return `/conversations/${conversation_id}${message_id ? `?message=${message_id}` : ''}`;
  if (!channel_id) return '/';
  const entry = new URLSearchParams();
  if (post_id) entry.set('post', post_id);
  if (comment_id) entry.set('comment', comment_id);
  return `/channels/${channel_id}${entry.size > 0 ? `?${entry}` : ''}`;
}

/** The place that an address of this app shows: "channel:<id>" or "conversation:<id>"; null elsewhere. */
export function placeOf(pathname: string): string | null {
  const [, kind, id] = /^\/(channel|conversation)s\/([^/]+)/.exec(pathname) ?? [];
  return kind && id ? `${kind}:${id}` : null;
}
