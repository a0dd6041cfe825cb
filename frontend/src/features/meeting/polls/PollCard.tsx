/** The open poll, over the room, until one has voted or put it away. */
export function PollCard(_props: { onOpen: () => void }) {
  return null;
}
