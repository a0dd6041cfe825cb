import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { Provider } from 'react-redux';
import { MemoryRouter } from 'react-router';
import { expect, test } from 'vitest';
import type { ServerInfo } from '@/api/wire.gen';
import { makeStore } from '@/app/store';
import '@/i18n';
import { http, HttpResponse, mockServer, url } from '@/testing/server';
import { RegisterPage } from './RegisterPage';

const server = mockServer();
const info: ServerInfo = { version: '1.0.0', sign_up: 'invite', email_verification: false, embed_origins: [] };

function shown(about: Partial<ServerInfo>) {
  server.use(http.get(url('/server'), () => HttpResponse.json({ ...info, ...about })));
  render(
    <MantineProvider>
      <Provider store={makeStore()}>
        <MemoryRouter>
          <RegisterPage />
        </MemoryRouter>
      </Provider>
    </MantineProvider>,
  );
}

test('the first of all is told what the account will be, and needs no invite', async () => {
  shown({ first_account: true });
  expect(await screen.findByText(/becomes its administrator/)).toBeVisible();
  expect(screen.queryByLabelText('Invite code')).toBeNull();
});

test('everybody after that needs one, and hears nothing of administrators', async () => {
  shown({});
  expect(await screen.findByLabelText('Invite code')).toBeVisible();
  expect(screen.queryByText(/becomes its administrator/)).toBeNull();
});
