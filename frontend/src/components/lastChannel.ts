const key = 'lectern.channel';

/** The channel looked at last on this device: where the app opens. */
export const lastChannel = {
  get: (): string | null => localStorage.getItem(key),
  set: (id: string): void => localStorage.setItem(key, id),
};
