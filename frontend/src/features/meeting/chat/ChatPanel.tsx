/** The comments of the meeting's post. */
export function ChatPanel(_props: { channelId: string; onClose: () => void }) {
  return null;
}
