import type { Nodes, Parents } from 'mdast';

/** Calls back with every node of a tree and its place; a node may be replaced by the one that takes its place. */
export function visit(parent: Parents, each: (node: Nodes, index: number, parent: Parents) => void): void {
  for (let index = 0; index < parent.children.length; index++) {
    const node = parent.children[index] as Nodes;
    each(node, index, parent);
    if ('children' in node) visit(node, each);
  }
}
