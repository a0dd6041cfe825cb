import { gfmFromMarkdown } from 'mdast-util-gfm';
import { mathFromMarkdown } from 'mdast-util-math';
import { gfm } from 'micromark-extension-gfm';
import { math } from 'micromark-extension-math';
import type { Code, Construct, Effects, State, TokenizeContext } from 'micromark-util-types';

interface Parser {
  data(): { micromarkExtensions?: unknown[]; fromMarkdownExtensions?: unknown[] };
}

/** Tables, task lists, strikethrough, bare links and mathematics. The remark plugins also bring what writes Markdown; nothing here does. */
export function syntax(this: unknown): void {
  const data = (this as Parser).data();
  (data.micromarkExtensions ??= []).push(gfm(), mathematics());
  (data.fromMarkdownExtensions ??= []).push(gfmFromMarkdown(), mathFromMarkdown());
}

const DOLLAR = 36;
const blank = (code: Code) => code === null || code < 0 || code === 32;
const digit = (code: Code) => code !== null && code >= 48 && code <= 57;

/**
 * Mathematics between dollars, but not the price in "$5 and $10": as Pandoc has it, the first dollar has no blank after it,
 * and the last has none before it and no digit after it.
 */
function mathematics() {
  const extension = math();
  const whole = extension.text?.[DOLLAR] as Construct;
  const tokenize: Construct['tokenize'] = function (this: TokenizeContext, effects: Effects, ok: State, nok: State) {
    const begin = whole.tokenize.call(this, effects, ok, nok);
    return effects.check({ tokenize: plausible, partial: true }, begin, nok);
  };
  return { ...extension, text: { [DOLLAR]: { ...whole, tokenize } } };
}

function plausible(effects: Effects, ok: State, nok: State): State {
  let before: Code = DOLLAR;
  return (code) => {
    effects.enter('data');
    effects.consume(code);
    return first;
  };

  function end(state: State, code: Code): State | undefined {
    effects.exit('data');
    return state(code);
  }
  function first(code: Code): State | undefined {
    if (blank(code)) return end(nok, code);
    return code === DOLLAR ? end(ok, code) : inside(code);
  }
  function inside(code: Code): State | undefined {
    // A paragraph's line end is -5 to -3 here; formulas within a line stay on it.
    if (code === null || code < -2) return end(nok, code);
    if (code === DOLLAR) {
      if (blank(before)) return end(nok, code);
      effects.consume(code);
      return last;
    }
    before = code;
    effects.consume(code);
    return inside;
  }
  function last(code: Code): State | undefined {
    return end(digit(code) ? nok : ok, code);
  }
}
