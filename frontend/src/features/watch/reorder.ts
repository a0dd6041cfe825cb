/** The list with one of its entries at another index; an index outside means the nearest end. */
export function moved<T extends { id: string }>(list: T[], id: string, index: number): T[] {
  const entry = list.find((one) => one.id === id);
  if (!entry) return list;
  const others = list.filter((one) => one !== entry);
  others.splice(Math.min(others.length, Math.max(0, index)), 0, entry);
  return others;
}

/** The index among the others that a pointer at `y` means, from the middles of their rows. */
export function indexAt(middles: number[], y: number): number {
  return middles.filter((middle) => middle < y).length;
}
