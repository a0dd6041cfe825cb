import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import RichText from './RichText';

test('tables, task lists, struck text, bare links and line breaks are read; HTML stays text', () => {
  const text = '| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n\n~~old~~ new\nhttps://example.org <b>bold</b>';
  const { container } = render(<RichText text={text} />);
  expect(screen.getByRole('table')).toHaveTextContent('ab12');
  expect(screen.getByRole('checkbox')).toBeChecked();
  expect(screen.getByText('old').tagName).toBe('DEL');
  expect(screen.getByRole('link')).toHaveAttribute('href', 'https://example.org');
  expect(container.querySelector('br')).not.toBeNull();
  expect(container.querySelector('b')).toBeNull();
});
