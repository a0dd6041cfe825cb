/** What the player of a browser may be able to play. */
export const PLAYABLE = 'video/*,audio/*';

export function isPlayable(contentType: string): boolean {
  return contentType.startsWith('video/') || contentType.startsWith('audio/');
}
