import { MantineProvider } from '@mantine/core';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { EntryMenu } from './chat/EntryMenu';

test('a menu is made at the first press, and gives the focus back to its button', async () => {
  const user = userEvent.setup();
  const onCopyLink = vi.fn();
  render(
    <MantineProvider env="test">
      <EntryMenu onEdit={null} onDelete={null} onCopyLink={onCopyLink} />
    </MantineProvider>,
  );
  const button = () => screen.getByRole('button');
  expect(button()).toHaveAttribute('aria-haspopup', 'menu');
  expect(button()).toHaveAttribute('aria-expanded', 'false');
  await user.tab();
  expect(button()).toHaveFocus();
  await user.keyboard('{Enter}');
  expect(await screen.findByRole('menu')).toBeVisible();
  expect(button()).toHaveAttribute('aria-expanded', 'true');
  await user.keyboard('{Escape}');
  await waitFor(() => expect(button()).toHaveFocus());
  expect(screen.queryByRole('menu')).toBeNull();

  await user.keyboard('{Enter}');
  await user.click(await screen.findByRole('menuitem'));
  expect(onCopyLink).toHaveBeenCalledOnce();
});
