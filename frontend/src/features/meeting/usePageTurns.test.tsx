import { fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { usePageTurns } from './usePageTurns';

const turn = vi.fn();

beforeEach(() => turn.mockReset());

function Floor({ page = 1, pages = 3 }) {
  const swipes = usePageTurns({ page, pages }, turn);
  return (
    <>
      <div {...swipes}>
        <div role="list">tiles</div>
        <div>video</div>
      </div>
      <input aria-label="chat" />
    </>
  );
}

const swipe = (text: string, x: number, y = 0) => {
  fireEvent.touchStart(screen.getByText(text), { touches: [{ clientX: 200, clientY: 200 }] });
  fireEvent.touchEnd(screen.getByText(text), { changedTouches: [{ clientX: 200 + x, clientY: 200 + y }] });
};

test('a finger turns pages over the tiles, not over the video, and not going up or down', () => {
  render(<Floor />);
  swipe('tiles', -90);
  expect(turn).toHaveBeenLastCalledWith(2);
  swipe('tiles', 90);
  expect(turn).toHaveBeenLastCalledWith(0);
  swipe('tiles', -90, 80);
  swipe('tiles', -20);
  swipe('video', -90);
  expect(turn).toHaveBeenCalledTimes(2);
});

test('Page Up and Page Down turn pages, no further than there are, and not while somebody writes', () => {
  const { rerender } = render(<Floor />);
  fireEvent.keyDown(window, { key: 'PageDown' });
  expect(turn).toHaveBeenLastCalledWith(2);
  rerender(<Floor page={2} />);
  fireEvent.keyDown(window, { key: 'PageDown' });
  expect(turn).toHaveBeenLastCalledWith(2);
  turn.mockReset();
  fireEvent.keyDown(screen.getByLabelText('chat'), { key: 'PageUp' });
  rerender(<Floor page={0} pages={1} />);
  fireEvent.keyDown(window, { key: 'PageDown' });
  expect(turn).not.toHaveBeenCalled();
});
