import { createContext, use } from 'react';

const Embedded = createContext(false);
export const EmbeddedProvider = Embedded.Provider;

/** Whether the meeting is shown in a frame of somebody else's page: then nothing leads out of it into the rest of the app. */
export function useEmbedded(): boolean {
  return use(Embedded);
}
