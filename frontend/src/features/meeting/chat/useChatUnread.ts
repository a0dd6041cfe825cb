/** How many entries of the chat came while it was not open. */
export function useChatUnread(_channelId: string, _open: boolean): number {
  return 0;
}
