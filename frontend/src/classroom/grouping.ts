import type { BreakoutPlan } from '@/api/wire.gen';

/** A group while it is planned. The key is of this window: rooms get their ids from the server. */
export interface DraftGroup {
  key: string;
  name: string;
  userIds: string[];
}

export const MAX_GROUPS = 50;

const keyOf = (index: number) => `group-${index}`;

/** As many groups as asked for: new ones are empty, and who was in one that goes is in none. */
export function resized(groups: DraftGroup[], count: number, nameOf: (number: number) => string): DraftGroup[] {
  const kept = groups.slice(0, count);
  for (let index = kept.length; index < Math.min(count, MAX_GROUPS); index++) kept.push({ key: keyOf(index), name: nameOf(index + 1), userIds: [] });
  return kept;
}

/** Deals people out anew, so that no group has two more than another. */
export function dealt(groups: DraftGroup[], userIds: string[], random: () => number = Math.random): DraftGroup[] {
  const deck = shuffled(userIds, random);
  return groups.map((group, index) => ({ ...group, userIds: deck.filter((_, place) => place % groups.length === index) }));
}

/** Puts somebody into a group, or into none. */
export function assigned(groups: DraftGroup[], userId: string, key: string | null): DraftGroup[] {
  return groups.map((group) => {
    const userIds = group.userIds.filter((id) => id !== userId);
    return { ...group, userIds: group.key === key ? [...userIds, userId] : userIds };
  });
}

/** The groups of another time, as far as their people are still known. */
export function again(plans: BreakoutPlan[], known: (userId: string) => boolean): DraftGroup[] {
  return plans.slice(0, MAX_GROUPS).map((plan, index) => ({ key: keyOf(index), name: plan.name, userIds: plan.user_ids.filter(known) }));
}

/** What opening them asks for; a group without a name gets the one it would have had. */
export function planned(groups: DraftGroup[], nameOf: (number: number) => string): BreakoutPlan[] {
  return groups.map((group, index) => ({ name: group.name.trim() || nameOf(index + 1), user_ids: group.userIds }));
}

function shuffled<T>(items: T[], random: () => number): T[] {
  const deck = [...items];
  for (let last = deck.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [deck[last], deck[other]] = [deck[other] as T, deck[last] as T];
  }
  return deck;
}
