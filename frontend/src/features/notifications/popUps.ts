import type { Notification as News } from '@/api/wire.gen';

interface Words {
  title: string;
  body: string;
  /** The page where it happened. */
  url: string;
}

/**
 * Notifications that the system shows for this window. The tags are those of the push service, so that nothing is shown
 * twice and a conversation's newest message takes the place of the one before.
 */
export class PopUps {
  readonly #shown = new Map<string, Notification>();

  show(news: News, { title, body, url }: Words, onClick: () => void): void {
    const tag = news.kind === 'message' && news.conversation_id ? `conversation:${news.conversation_id}` : news.id;
    const options: NotificationOptions = { body, tag, icon: '/icon-192.png', silent: true };
    let popUp: Notification;
    try {
      popUp = new Notification(title, options);
    } catch {
      return void this.#showByWorker(title, { ...options, data: { url, notification_id: news.id } }); // phones let only a service worker show them
    }
    this.#shown.set(news.id, popUp);
    popUp.onclick = () => {
      window.focus();
      popUp.close();
      onClick();
    };
    popUp.onclose = () => this.#shown.delete(news.id);
  }

  /** Takes back those that were read elsewhere. */
  close(isRead: (id: string) => boolean): void {
    for (const [id, popUp] of this.#shown) if (isRead(id)) popUp.close();
  }

  async #showByWorker(title: string, options: NotificationOptions): Promise<void> {
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.showNotification(title, options);
  }
}
