const KEY = 'lectern.call.relay';

/** Whether calls from this browser go through the relay only. */
export function relayOnly(): boolean {
  return localStorage.getItem(KEY) === 'on';
}

export function setRelayOnly(on: boolean): void {
  if (on) localStorage.setItem(KEY, 'on');
  else localStorage.removeItem(KEY);
}
