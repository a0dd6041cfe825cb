import { MantineProvider } from '@mantine/core';
import katex from 'katex';
import { renderToStaticMarkup } from 'react-dom/server';
import { Provider } from 'react-redux';
import { expect, test } from 'vitest';
import { makeStore } from '@/app/store';
import '@/i18n';
import RichText from './RichText';
import { rules } from './Typeset';

/** `make fuzz` asks for more, from another seed. */
const CASES = Number(import.meta.env.VITE_MARKDOWN_CASES ?? 2000);
const SEED = Number(import.meta.env.VITE_MARKDOWN_SEED ?? 20260302);
const BASE = 'https://class.example/channels/1';

/** Everything that the renderer may make. */
const elements = new Set(
  'a blockquote br code del div em h2 h3 h4 h5 h6 hr input li ol p pre section span strong sup table tbody td th thead tr ul'.split(' '),
);
const attributes = new Set(
  'href target rel class id start type checked disabled style tabindex aria-label aria-describedby data-footnotes data-footnote-ref data-footnote-backref'.split(' '),
);

const store = makeStore();

function render(text: string): string {
  return renderToStaticMarkup(
    <Provider store={store}>
      <MantineProvider withCssVariables={false} withGlobalClasses={false}>
        <RichText text={text} />
      </MantineProvider>
    </Provider>,
  );
}

/** What is wrong with how a text shows; empty when nothing is. */
function faults(text: string): string[] {
  const page = document.createElement('template');
  page.innerHTML = render(text);
  const found: string[] = [];
  for (const button of page.content.querySelectorAll('button')) {
    // The only button is the one that copies a block of code; nothing of the text is in it.
    if (!/^Copy code$/.test(button.getAttribute('aria-label') ?? '') || button.textContent !== '') found.push('button');
    button.remove();
  }
  for (const element of page.content.querySelectorAll('*')) {
    const tag = element.localName;
    if (!elements.has(tag)) found.push(`<${tag}>`);
    for (const { name, value } of element.attributes) {
      if (!attributes.has(name)) found.push(`${tag} ${name}`);
      // The alignment of a table's column is the only style.
      if (name === 'style' && !/^text-align:(left|right|center)$/.test(value)) found.push(`style ${value}`);
      if (name === 'type' && value !== 'checkbox') found.push(`type ${value}`);
      if (name === 'href' && !['http:', 'https:', 'mailto:'].includes(URL.canParse(value, BASE) ? new URL(value, BASE).protocol : 'https:')) {
        found.push(`href ${value}`);
      }
    }
  }
  return found;
}

const addresses = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\tscript:alert(1)',
  '\u0001javascript:alert(1)',
  'javascript&colon;alert(1)',
  '&#106;avascript:alert(1)',
  '&#x6A&#x61vascript&#58;alert(1)',
  'java&Tab;script:alert(1)',
  'javascript://example.org/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'DATA:text/html;base64,PHNjcmlwdD4=',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  'blob:https://class.example/1',
  'irc://example.org/a',
  'xmpp:ada@example.org',
  'feed:javascript:alert(1)',
  '//example.org',
  '/channels',
  'https://example.org/?q=javascript:alert(1)',
  'mailto:ada@example.org',
  'https://[',
];

const wrappers: ((address: string) => string)[] = [
  (a) => `[x](${a})`,
  (a) => `[x](<${a}>)`,
  (a) => `![x](${a})`,
  (a) => `![x](<${a}> "onload=alert(1)")`,
  (a) => `[![x](${a})](${a})`,
  (a) => `[a [b](${a}) c](${a})`,
  (a) => `<${a}>`,
  (a) => a,
  (a) => `[x][r]\n\n[r]: ${a}`,
  (a) => `[x][r]\n\n[r]: <${a}> "t"`,
  (a) => `| a |\n|:-:|\n| [x](${a}) |`,
  (a) => `[^1]\n\n[^1]: [x](${a})`,
  (a) => `<a href="${a}">x</a>`,
  (a) => `<iframe src="${a}"></iframe>`,
];

const html = [
  '<script>alert(1)</script>',
  '<ScRiPt src=//example.org></sCrIpT>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<style>*{display:none}</style>',
  '<p style="position:fixed">x</p>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="data:text/html,x"></object>',
  '<form action="javascript:alert(1)"><button>x</button></form>',
  '<math><mtext><script>alert(1)</script></mtext></math>',
  '<!--><script>alert(1)</script>-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '</p></div><script>alert(1)</script>',
  '`<script>alert(1)</script>`',
  '```html\n<script>alert(1)</script>\n```',
  '```"onclick="alert(1)\nx\n```',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<base href="javascript:/a/">',
  '$\\href{javascript:alert(1)}{x}$',
  '$$\n\\includegraphics{https://example.org/a.png}\n$$',
  '$<script>alert(1)</script>$',
  '@[<script>alert(1)</script>](user:1)',
  '@[x](user:" onclick=alert(1))',
  '@[x](javascript:alert(1))',
];

test.each(addresses)('no way of writing %j makes an active link', (address) => {
  for (const wrap of wrappers) expect([wrap(address), faults(wrap(address))]).toEqual([wrap(address), []]);
});

test.each(html)('%s stays text', (text) => expect(faults(text)).toEqual([]));

test('only links to http, https and mailto are kept', () => {
  expect(render('[x](https://example.org)')).toContain('href="https://example.org"');
  expect(render('[x](mailto:ada@example.org)')).toContain('href="mailto:ada@example.org"');
  for (const address of ['xmpp:ada@example.org', 'irc://example.org', 'javascript:alert(1)']) expect(render(`[x](${address})`)).not.toContain('href');
});

/** Mulberry32: the same numbers from 0 to 1 in every run. */
function numbers(seed: number) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('nothing active comes out of hostile text put together at random', () => {
  const next = numbers(SEED);
  const pick = <T,>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const marks = ['[', ']', '(', ')', '<', '>', '!', '"', "'", '`', '*', '_', '~~', '|', '\n', '\n\n', '> ', '- [x] ', '# ', '1. ', '\\', '&', ';', ':', '\u0000', '\u202e', '  \n', '\n|---|\n'];
  const mixed = (text: string) => [...text].map((c) => (next() < 0.3 ? c.toUpperCase() : next() < 0.05 ? `&#${c.codePointAt(0)};` : c)).join('');
  const piece = () => {
    const kind = next();
    if (kind < 0.5) return pick(marks);
    if (kind < 0.65) return mixed(pick(addresses));
    if (kind < 0.85) return pick(wrappers)(mixed(pick(addresses)));
    return mixed(pick(html));
  };
  for (let i = 0; i < CASES; i++) {
    const text = Array.from({ length: 1 + Math.floor(next() * 8) }, piece).join('');
    const found = faults(text);
    if (found.length > 0) expect([text, found]).toEqual([text, []]);
  }
}, 90_000 + 4 * CASES);

const commands = ['\\href{', '\\url{', '\\includegraphics{', '\\htmlClass{x}{', '\\htmlData{a=b}{', '\\htmlStyle{color:red}{', '\\frac{', '\\text{', '\\def\\a{\\a\\a}\\a', '\\color{', '\\sqrt[', '\\begin{matrix}', '\\end{matrix}', '\\rule{999em}{', '\\verb|', '\\unicode{', '^', '_', '&', '{', '}', ']', '<img src=x onerror=alert(1)>', '"', "'"];
const typeset = new Set('span svg path line math semantics annotation mrow mi mo mn mtext mspace mfrac msqrt mroot msup msub msubsup mover munder munderover mtable mtr mtd mstyle mpadded mphantom menclose mglyph merror'.split(' '));

test('nothing active comes out of hostile formulas put together at random', () => {
  const next = numbers(SEED);
  const pick = <T,>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  for (let i = 0; i < CASES; i++) {
    const source = Array.from({ length: 1 + Math.floor(next() * 8) }, () => (next() < 0.6 ? pick(commands) : pick(addresses))).join('');
    const place = document.createElement('span');
    try {
      katex.render(source, place, rules);
    } catch {
      continue;
    }
    for (const element of place.querySelectorAll('*')) {
      expect(typeset, source).toContain(element.localName);
      for (const { name } of element.attributes) expect([source, name]).not.toEqual([source, expect.stringMatching(/^(on|href|src|id|data-)/)]);
    }
  }
}, 90_000 + 4 * CASES);
