import { Cache, type Source, type Target } from './apply/cache';

interface Line {
  send<T>(type: string, data: unknown): Promise<T>;
}

/** Tells the server which messages have reached this device. */
export class Deliveries {
  readonly #told = new Map<string, string>();
  readonly #cache: Cache;

  constructor(
    store: Target,
    private readonly line: Line,
  ) {
    this.#cache = new Cache(store);
  }

  /** Tells of each message as it comes. Answers the undo. */
  follow(events: Source): () => void {
    return events.on('message.created', ({ id, conversation_id, author }) => {
      if (author.id !== this.#cache.myId) this.#tell(conversation_id, id);
    });
  }

  /** Tells of what came while there was no connection. */
  all(): void {
    for (const { id, last_message, unread_count } of this.#cache.conversations) {
      if (last_message && unread_count > 0) this.#tell(id, last_message.id);
    }
  }

  #tell(conversationId: string, upTo: string): void {
    if (upTo <= (this.#told.get(conversationId) ?? '')) return;
    this.#told.set(conversationId, upTo);
    // One that is lost is told with the next message, or the next connection.
    this.line.send('message.delivered', { conversation_id: conversationId, up_to: upTo }).catch(() => this.#told.delete(conversationId));
  }
}
