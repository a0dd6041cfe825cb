/** What the reader's eye rests on: an element, and where it stood when the reader last moved. */
export interface Anchor {
  element: Element;
  /** Pixels from the scroller's upper edge. */
  offset: number;
  scrollTop: number;
}

/**
 * Finds the first thing in view, as deep as it goes: the first element that begins below the upper edge, or, of one that
 * straddles the edge, the first such thing within.
 */
export function findAnchor(scroller: Element, content: Element): Anchor | null {
  const edge = scroller.getBoundingClientRect().top;
  let element = content;
  for (;;) {
    const next = firstBelow(element, edge);
    if (!next) break;
    element = next;
    if (element.getBoundingClientRect().top >= edge) break;
  }
  if (element === content) return null;
  return { element, offset: element.getBoundingClientRect().top - edge, scrollTop: scroller.scrollTop };
}

/** The first child with something below the edge. */
function firstBelow(parent: Element, edge: number): Element | undefined {
  const children = parent.children;
  // Rows lie in order; within one, few enough to go through.
  for (const child of children) {
    const { bottom, height } = child.getBoundingClientRect();
    if (height > 0 && bottom > edge && getComputedStyle(child).position !== 'absolute') return child;
  }
  return undefined;
}

/** By how much the anchor has moved of itself, in pixels: not counting what the reader has scrolled. Null when it is gone. */
export function drift(anchor: Anchor, scroller: Element): number | null {
  if (!anchor.element.isConnected) return null;
  const now = anchor.element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  return now - (anchor.offset - (scroller.scrollTop - anchor.scrollTop));
}
