import { beforeEach, expect, test } from 'vitest';
import { makeStore } from '@/app/store';
import { ada } from '@/testing/entries';
import { http, HttpResponse, mockServer, problem, url } from '@/testing/server';
import { api } from './api';
import { http as request, setSignedOutListener } from './http';
import { selectFarewell, selectSessionStatus, sessionRefused, signedOut, signIn } from './session';

const server = mockServer(
  http.post(url('/auth/login'), () => HttpResponse.json({ user: ada, access_token: 'one', expires_in: 900 })),
);
let store: ReturnType<typeof makeStore>;

beforeEach(() => {
  store = makeStore();
  setSignedOutListener(() => store.dispatch(sessionRefused()));
});

const login = () => store.dispatch(signIn({ login: { email: ada.email, password: 'a long passphrase' } }));

test('a session that was ended elsewhere is over here, with a word about it until the next sign-in', async () => {
  await login();
  server.use(
    http.get(url('/channels'), () => problem(401, 'unauthenticated')),
    http.post(url('/auth/refresh'), () => problem(401, 'unauthenticated')),
  );
  await expect(request({ path: '/channels' })).rejects.toMatchObject({ status: 401 });
  expect(selectSessionStatus(store.getState())).toBe('out');
  expect(selectFarewell(store.getState())).toBe('ended');
  expect(api.endpoints.me.select()(store.getState()).data).toBeUndefined();

  await login();
  expect(selectFarewell(store.getState())).toBeNull();
});

test('what one ended oneself is not told as somebody else’s deed', async () => {
  await login();
  store.dispatch(signedOut('deleted'));
  store.dispatch(sessionRefused());
  expect(selectFarewell(store.getState())).toBe('deleted');
});
