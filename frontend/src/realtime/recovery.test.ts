import { expect, test, vi } from 'vitest';
import { notificationsApi } from '@/api/notifications';
import { makeStore } from '@/app/store';
import { http, HttpResponse, mockServer, url } from '@/testing/server';
import { recovery } from './recovery';

const server = mockServer();

test('a list that was read before an event came is read again', async () => {
  const store = makeStore();
  const cache = recovery(store);
  const answers = [0, 1];
  let asked = 0;
  server.use(
    http.get(url('/notifications'), () => {
      const unread = answers[asked++];
      if (asked === 1) cache.heard({ scope: 'user:u1' }); // in between reading and answering
      return HttpResponse.json({ items: [], next_cursor: null, unread_count: unread });
    }),
  );
  const bell = store.dispatch(notificationsApi.endpoints.notifications.initiate());
  await vi.waitFor(() => expect(notificationsApi.endpoints.notifications.select()(store.getState()).data?.unread_count).toBe(1));
  cache.heard({ scope: 'user:u1' });
  cache.heard({ scope: 'channel:c1' });
  await bell;
  expect(asked).toBe(2);
  bell.unsubscribe();
});
