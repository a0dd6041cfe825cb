const KEY = 'lectern.joinMuted';

/** Whether this person enters every meeting with the microphone off. */
export function joinsMuted(): boolean {
  return localStorage.getItem(KEY) === 'yes';
}

export function setJoinsMuted(muted: boolean): void {
  localStorage.setItem(KEY, muted ? 'yes' : 'no');
}
