import { createContext, use } from 'react';
import type { Profile } from '@/api/wire.gen';

/** Who reads a place: those who can be named in it. */
export interface Audience {
  people: ReadonlyMap<string, Profile>;
  /** Whether one may call everybody at once. */
  all: boolean;
}

const nobody: Audience = { people: new Map(), all: false };

export const AudienceContext = createContext<Audience>(nobody);

/** The people of the place around; nobody where no place is given. */
export function useAudience(): Audience {
  return use(AudienceContext);
}
