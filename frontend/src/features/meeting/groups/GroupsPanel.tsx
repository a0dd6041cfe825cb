/** Teachers: plan the groups' rooms, and look after them while they are open. */
export function GroupsPanel(_props: { onClose: () => void }) {
  return null;
}
