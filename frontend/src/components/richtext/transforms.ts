import type { Link, Nodes, Parents, PhrasingContent, Root } from 'mdast';
import { visit } from './visit';

/** As many formulas of a text are set; what is beyond them stays as it was typed. */
const MAX_FORMULAS = 150;

/** The mark of "@[Name](user:ID)" on the element it becomes; "all" is everybody. */
export const MENTION = 'dataMention';

/** Turns "@[Name](user:ID)" and "@[all](all)" into mentions. */
export function mentions() {
  return (tree: Root): void => visit(tree, mention);
}

function mention(node: Nodes, index: number, parent: Parents): void {
  if (node.type !== 'link') return;
  const target = targetOf(node);
  const before = parent.children[index - 1];
  if (target === null || before?.type !== 'text' || !before.value.endsWith('@')) return;
  before.value = before.value.slice(0, -1);
  const chip = { type: 'emphasis', children: node.children, data: { hName: 'span', hProperties: { [MENTION]: target } } };
  parent.children.splice(index, 1, chip as PhrasingContent as never);
}

function targetOf({ url }: Link): string | null {
  if (url === 'all') return url;
  return /^user:([\w-]{1,64})$/.exec(url)?.[1] ?? null;
}

/** Leaves formulas beyond the limit, and those that are very long, as code, and dollars around nothing as dollars. */
export function bounded() {
  return (tree: Root): void => {
    let count = 0;
    visit(tree, (node, index, parent) => {
      if (node.type !== 'math' && node.type !== 'inlineMath') return;
      const { value } = node;
      if (value.trim() === '') {
        parent.children.splice(index, 1, { type: 'paragraph', children: [{ type: 'text', value: '$$' }] } as never);
        return;
      }
      count += 1;
      if (count <= MAX_FORMULAS && value.length <= 2000) return;
      const source = node.type === 'math' ? ({ type: 'code', value } as const) : ({ type: 'inlineCode', value } as const);
      parent.children.splice(index, 1, source as never);
    });
  };
}
