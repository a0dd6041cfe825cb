import type { ElementContent, RootContent } from 'hast';
import { common, createLowlight } from 'lowlight';
import { type ReactNode, useMemo } from 'react';
import './highlight.css';

const lowlight = createLowlight(common);

/** Code in colours; of a language that is not known, as it is. */
export default function Highlighted({ language, text }: { language: string; text: string }) {
  return useMemo(() => {
    const known = language.toLowerCase();
    return lowlight.registered(known) ? lowlight.highlight(known, text).children.map(toReact) : text;
  }, [language, text]);
}

function toReact(node: RootContent | ElementContent, key: number): ReactNode {
  if (node.type === 'text') return node.value;
  if (node.type !== 'element') return null;
  const names = node.properties.className;
  return (
    <span key={key} className={Array.isArray(names) ? names.join(' ') : undefined}>
      {node.children.map(toReact)}
    </span>
  );
}
