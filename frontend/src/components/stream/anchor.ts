/** Something that the reader's eye may rest on, and how far from the scroller's upper edge it stood, in pixels. */
interface Mark {
  element: Element;
  offset: number;
}

/** What the reader's eye rests on since the last movement of their own: the deepest first, should it be taken away. */
export interface Anchor {
  marks: Mark[];
  scrollTop: number;
}

/**
 * Finds the first thing in view, as deep as it goes: the first row that begins below the upper edge, or, of one that straddles
 * the edge, the first such thing within. What may come and go between rows (`data-loose`) holds nobody's eye.
 */
export function findAnchor(scroller: Element, rows: Element): Anchor {
  const edge = scroller.getBoundingClientRect().top;
  const marks: Mark[] = [];
  for (let element = firstBelow(rows, edge); element; element = firstBelow(element, edge)) {
    const offset = element.getBoundingClientRect().top - edge;
    marks.unshift({ element, offset });
    if (offset >= 0 && marks.length > 1) break; // not the row itself: its upper edge moves with what is loose in it
  }
  return { marks, scrollTop: scroller.scrollTop };
}

/** The first child with something below the edge. */
function firstBelow(parent: Element, edge: number): Element | undefined {
  for (const child of parent.children) {
    if (child.hasAttribute('data-loose')) continue;
    const { bottom, height } = child.getBoundingClientRect();
    if (height > 0 && bottom > edge && getComputedStyle(child).position !== 'absolute') return child;
  }
  return undefined;
}

/** By how much the anchor has moved of itself, in pixels: not counting what the reader has scrolled. 0 when all of it is gone. */
export function drift({ marks, scrollTop }: Anchor, scroller: Element): number {
  const mark = marks.find(({ element }) => element.isConnected);
  if (!mark) return 0;
  const now = mark.element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  return now - (mark.offset - (scroller.scrollTop - scrollTop));
}
