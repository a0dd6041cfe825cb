/** What somebody new to the room should know, once. */
export function Hints() {
  return null;
}
