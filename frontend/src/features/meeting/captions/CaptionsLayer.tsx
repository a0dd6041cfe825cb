/** The last lines of what is said, over the room's lower edge. */
export function CaptionsLayer() {
  return null;
}
