/** Whether a text says enough to search by: one Chinese, Japanese or Korean character does, of other scripts it takes two. */
export function searchable(text: string): boolean {
  return text.length > 1 || /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Script=Bopomofo}/u.test(text);
}
