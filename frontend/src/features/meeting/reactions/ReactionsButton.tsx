/** The button of the bar that sends a reaction up. */
export function ReactionsButton() {
  return null;
}
