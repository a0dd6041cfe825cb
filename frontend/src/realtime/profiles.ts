import { api } from '@/api/api';
import type { Profile } from '@/api/wire.gen';
import type { Target } from './apply/cache';

type State = Parameters<ReturnType<typeof api.endpoints.me.select>>[0];
type Update = (name: never, args: never, recipe: (data: unknown) => void) => unknown;

/** Puts a person's new name and picture wherever the cache shows that person, whatever was asked for. */
export function changeProfile(store: Target, profile: Profile): void {
  const { queries } = (store.getState() as State)[api.reducerPath];
  for (const query of Object.values(queries)) {
    if (!query || !shows(query.data, profile.id)) continue;
    const { endpointName, originalArgs } = query;
    const update = api.util.updateQueryData as unknown as Update;
    store.dispatch(update(endpointName as never, originalArgs as never, (data) => patch(data, profile)) as never);
  }
}

/** A person of that id: their profile, or their own account. */
function isPerson(value: object, id: string): value is Profile {
  return 'id' in value && value.id === id && 'avatar_url' in value;
}

function shows(value: unknown, id: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isPerson(value, id) || Object.values(value).some((inner) => shows(inner, id));
}

function patch(value: unknown, profile: Profile): void {
  if (typeof value !== 'object' || value === null) return;
  if (!isPerson(value, profile.id)) return Object.values(value).forEach((inner) => patch(inner, profile));
  value.name = profile.name;
  value.avatar_url = profile.avatar_url;
  if (profile.deleted) value.deleted = true;
}
