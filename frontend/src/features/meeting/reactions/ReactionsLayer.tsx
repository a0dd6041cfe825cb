/** Reactions that rise over the room and fade. */
export function ReactionsLayer() {
  return null;
}
