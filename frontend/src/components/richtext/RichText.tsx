import type { Element } from 'hast';
import ReactMarkdown, { defaultUrlTransform, type Components } from 'react-markdown';
import remarkBreaks from 'remark-breaks';
import { CodeBlock } from './CodeBlock';
import { Formula } from './Formula';
import classes from './Markdown.module.css';
import { Mention } from './Mention';
import { syntax } from './syntax';
import { bounded, mentions } from './transforms';

const plugins = [syntax, mentions, bounded, remarkBreaks];

const components: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  ),
  // Pictures come as attachments; a foreign address in a text must not make readers call it.
  img: ({ src, alt }) => (
    <a href={typeof src === 'string' ? src : undefined} target="_blank" rel="noreferrer noopener">
      {alt || String(src)}
    </a>
  ),
  // A post is not a page: its headings come below the page's own.
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h5>{children}</h5>,
  table: ({ children }) => (
    <div className={classes.scroll}>
      <table>{children}</table>
    </div>
  ),
  pre: ({ node }) => {
    const code = node?.children[0];
    if (code?.type !== 'element') return null;
    const text = textOf(code);
    if (hasClass(code, 'math-display')) return <Formula source={text} display />;
    return <CodeBlock language={languageOf(code)} text={text.replace(/\n$/, '')} />;
  },
  code: ({ node, children }) => (node && hasClass(node, 'math-inline') ? <Formula source={textOf(node)} /> : <code>{children}</code>),
  span: ({ node, children }) => {
    const mentioned = node?.properties.dataMention;
    return typeof mentioned === 'string' && node ? <Mention id={mentioned} written={textOf(node)} /> : <span>{children}</span>;
  },
};

function hasClass({ properties }: Element, name: string): boolean {
  return Array.isArray(properties.className) && properties.className.includes(name);
}

function languageOf({ properties }: Element): string {
  const names = Array.isArray(properties.className) ? properties.className : [];
  return String(names.find((name) => String(name).startsWith('language-')) ?? '').slice('language-'.length);
}

function textOf({ children }: Element): string {
  return children.map((child) => (child.type === 'text' ? child.value : child.type === 'element' ? textOf(child) : '')).join('');
}

/** Of the schemes that the library lets pass, those of chat programs are not for a classroom: http, https and mailto stay. */
const address = (url: string) => {
  const passed = defaultUrlTransform(url);
  return passed && !/^(ircs?|xmpp):/i.test(passed) ? passed : undefined;
};

/** GitHub's Markdown with line breaks as typed, mathematics and mentions. HTML in it stays text. */
export default function RichText({ text }: { text: string }) {
  return (
    <ReactMarkdown remarkPlugins={plugins} components={components} urlTransform={address}>
      {text}
    </ReactMarkdown>
  );
}
