import { type ComponentType, lazy, Suspense } from 'react';
import classes from './Markdown.module.css';

/** Fetches the parser; a page that will need it calls this early, beside its data. */
export async function loadParser(): Promise<{ default: Parser }> {
  const parsed = await import('./RichText');
  loaded = parsed.default;
  return parsed;
}

type Parser = ComponentType<{ text: string }>;

/** Once it is here, texts are shown as they are meant at once. */
let loaded: Parser | null = null;
const OnDemand = lazy(loadParser);

/** Text in which every character stands for itself needs no parser. */
const plain = /^[\p{L}\p{N}\p{Zs}，。！？、；：「」（）…,.!?;'"()\n]*$/u;

/** One to three emoji and nothing else: they may be large. */
const onlyEmoji = /^(?:\p{Regional_Indicator}{2}|\p{Emoji_Presentation}\p{Emoji_Modifier}?|\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?(?:\u200D\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?)*\s?){1,3}$/u;

/** The name within "@[Name](user:ID)". */
const mentioned = /@\[([^\]\n]*)\]\((?:user:[\w-]+|all)\)/g;

/** What people write, in Markdown. The parser comes on demand; until then the text shows as it was typed. */
export function Markdown({ text }: { text: string }) {
  const asTyped = <p className={classes.plain}>{text.replace(mentioned, '@$1')}</p>;
  if (onlyEmoji.test(text)) return <div className={classes.markdown} data-large>{asTyped}</div>;
  const RichText = loaded ?? OnDemand;
  const needsParser = !plain.test(text) || /^\d+[.)]\s|\n\s*\n|www\./m.test(text);
  return <div className={classes.markdown}>{needsParser ? <Suspense fallback={asTyped}><RichText text={text} /></Suspense> : asTyped}</div>;
}
