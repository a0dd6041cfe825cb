import ReactMarkdown, { defaultUrlTransform, type Components } from 'react-markdown';
import remarkBreaks from 'remark-breaks';
import { gfm } from './gfm';
import classes from './Markdown.module.css';

const plugins = [gfm, remarkBreaks];

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
};

/** Of the schemes that the library lets pass, those of chat programs are not for a classroom: http, https and mailto stay. */
const address = (url: string) => {
  const passed = defaultUrlTransform(url);
  return passed && !/^(ircs?|xmpp):/i.test(passed) ? passed : undefined;
};

/** GitHub's Markdown with line breaks as typed. HTML in it stays text. */
export default function RichText({ text }: { text: string }) {
  return (
    <ReactMarkdown remarkPlugins={plugins} components={components} urlTransform={address}>
      {text}
    </ReactMarkdown>
  );
}
