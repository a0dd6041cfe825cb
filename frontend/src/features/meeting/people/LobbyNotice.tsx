/** Teachers: somebody knocks. Stands above the room, with a sound. */
export function LobbyNotice() {
  return null;
}
