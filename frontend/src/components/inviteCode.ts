/** The code in a pasted invite link, or a pasted code itself; null for anything else. */
export function inviteCode(text: string): string | null {
  const trimmed = text.trim();
  const fromLink = /\/join\/([^/?#\s]+)/.exec(trimmed)?.[1];
  const code = fromLink ?? trimmed;
  return /^[\w-]{4,64}$/.test(code) ? code : null;
}
