import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import '@/i18n';
import { Scrubber } from './Scrubber';

const bar = { position: 65, duration: 600, buffered: [[0, 120]] as [number, number][], marks: [] };

test('a slider that tells the time in words and steps by five seconds', () => {
  const onSeek = vi.fn();
  render(<Scrubber {...bar} onSeek={onSeek} />);
  const slider = screen.getByRole('slider', { name: 'Position' });
  expect(slider).toHaveAttribute('aria-valuetext', '1:05 of 10:00');
  fireEvent.keyDown(slider, { key: 'ArrowRight' });
  fireEvent.keyDown(slider, { key: 'PageDown' });
  fireEvent.keyDown(slider, { key: 'End' });
  expect(onSeek.mock.calls).toEqual([[70], [5], [600]]);
});

test('dragging previews and seeks once, on release', () => {
  const onSeek = vi.fn();
  render(<Scrubber {...bar} onSeek={onSeek} />);
  const slider = screen.getByRole('slider', { name: 'Position' });
  for (const value of ['100', '200', '300']) fireEvent.input(slider, { target: { value } });
  expect(slider).toHaveAttribute('aria-valuetext', '5:00 of 10:00');
  expect(onSeek).not.toHaveBeenCalled();
  slider.dispatchEvent(new Event('change', { bubbles: true }));
  expect(onSeek.mock.calls).toEqual([[300]]);
});

test('who does not drive sees the progress only; an unknown length cannot be sought in', () => {
  const { rerender } = render(<Scrubber {...bar} />);
  expect(screen.getByRole('progressbar', { name: 'Position' })).toHaveAttribute('aria-valuetext', '1:05 of 10:00');
  expect(screen.queryByRole('slider')).toBeNull();
  rerender(<Scrubber {...bar} duration={null} onSeek={() => {}} />);
  expect(screen.getByRole('slider')).toBeDisabled();
});
