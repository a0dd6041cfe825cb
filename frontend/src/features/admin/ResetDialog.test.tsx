import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { IssuedReset } from '@/api/wire.gen';
import { setLanguage } from '@/i18n';
import { ResetDialog } from './ResetDialog';

const show = (issued: IssuedReset | undefined) =>
  render(
    <MantineProvider env="test">
      <ResetDialog email="ada@example.org" issued={issued} onClose={() => {}} />
    </MantineProvider>,
  );

test('tells that a letter is on its way, or shows the link to hand over', async () => {
  await setLanguage('en');
  const { unmount } = show({ mailed: true });
  expect(await screen.findByText(/is on its way to ada@example\.org/)).toBeVisible();
  expect(screen.queryByRole('textbox')).toBeNull();
  unmount();
  show({ mailed: false, link: 'https://class.example/reset?token=T' });
  expect(await screen.findByRole('textbox', { name: 'Link for a new password' })).toHaveValue('https://class.example/reset?token=T');
  expect(screen.getByRole('button', { name: 'Copy link' })).toBeEnabled();
});
