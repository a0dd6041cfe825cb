import { lazy, Suspense } from 'react';
import classes from './Markdown.module.css';

/** Fetches the parser; a page that will need it calls this early, beside its data. */
export const loadParser = () => import('./RichText');
const RichText = lazy(loadParser);

/** Text in which every character stands for itself needs no parser. */
const plain = /^[\p{L}\p{N}\p{Zs}，。！？、；：「」（）…,.!?;'"()\n]*$/u;

/** What people write, in Markdown. The parser comes on demand; until then the text shows as it was typed. */
export function Markdown({ text }: { text: string }) {
  const asTyped = <p className={classes.plain}>{text}</p>;
  const needsParser = !plain.test(text) || /^\d+[.)]\s|\n\s*\n|www\./m.test(text);
  return <div className={classes.markdown}>{needsParser ? <Suspense fallback={asTyped}><RichText text={text} /></Suspense> : asTyped}</div>;
}
