/** A, B, C … for the first, second, third option. */
export function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}
