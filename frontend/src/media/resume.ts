/** How somebody who is in a breakout left the main room. */
export interface MainRoom {
  muted: boolean;
  videoOn: boolean;
}

/** What a reloaded page needs to come back into its meeting as it was. */
export interface Resume extends MainRoom {
  meetingId: string;
  participantId: string | null;
  main?: MainRoom;
}

const KEY = 'lectern.meeting';

export function saveResume(resume: Resume): void {
  sessionStorage.setItem(KEY, JSON.stringify(resume));
}

export function clearResume(): void {
  sessionStorage.removeItem(KEY);
}

/** What was kept for this meeting by this tab; null when it was left, or never entered. */
export function loadResume(meetingId: string): Resume | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Resume | null;
    return kept?.meetingId === meetingId ? kept : null;
  } catch {
    return null;
  }
}
