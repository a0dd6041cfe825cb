/** Which room one is in, for how long, and what a teacher tells all. Stands above the tiles while breakouts are open. */
export function GroupsBar() {
  return null;
}
