/** The meeting's polls: ask, vote, see results. */
export function PollsPanel(_props: { onClose: () => void }) {
  return null;
}
