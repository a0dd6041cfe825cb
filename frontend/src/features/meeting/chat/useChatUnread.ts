import { useChat } from './useChat';

/** How many entries of the chat came while it was not open. */
export function useChatUnread(channelId: string, open: boolean): number {
  const { unread } = useChat(channelId);
  return open ? 0 : unread;
}
