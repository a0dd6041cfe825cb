/** The beginning of a text without its marks, for one line: lists, quotes, titles. */
export function snippet(body: string, most = 140): string {
  const plain = body
    .slice(0, 4 * most)
    .replace(/@\[([^\]\n]*)\]\((?:user:[\w-]+|all)\)/g, '@$1')
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replace(/^\s*(?:#{1,6}\s|>\s?|[-*+]\s(?:\[[ xX]\]\s)?|\d+[.)]\s)/gm, '')
    .replace(/^\s*(?:```\S*|\${2}|\|?[-:| ]+\|[-:| ]*)\s*$/gm, '')
    .replace(/(\*\*|__|~~|`+|\$)/g, '')
    .replace(/(^|[^\p{L}\p{N}])[*_](?=\S)|(?<=\S)[*_](?![\p{L}\p{N}])/gu, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  const points = [...plain];
  return points.length > most ? `${points.slice(0, most).join('')}…` : plain;
}
