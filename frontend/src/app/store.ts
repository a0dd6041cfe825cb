import { configureStore } from '@reduxjs/toolkit';
import { api } from '@/api/api';
import { outboxReducer } from '@/api/outbox';
import { sessionReducer } from '@/api/session';
import { typingReducer } from '@/realtime/typing';

export function makeStore() {
  return configureStore({
    reducer: { [api.reducerPath]: api.reducer, session: sessionReducer, outbox: outboxReducer, typing: typingReducer },
    middleware: (defaults) => defaults().concat(api.middleware),
  });
}

export type AppStore = ReturnType<typeof makeStore>;
