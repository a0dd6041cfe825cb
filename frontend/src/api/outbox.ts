import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import { byTime, type Outgoing, type Place, type Progress } from './outgoing';

const slice = createSlice({
  name: 'outbox',
  initialState: { items: [] as Outgoing[] },
  reducers: {
    added(state, action: PayloadAction<Outgoing[]>) {
      const known = new Set(state.items.map((item) => item.clientId));
      state.items.push(...action.payload.filter((item) => !known.has(item.clientId)));
      state.items.sort(byTime);
    },
    changed(state, action: PayloadAction<{ clientId: string } & Partial<Progress>>) {
      const item = state.items.find((one) => one.clientId === action.payload.clientId);
      if (item) Object.assign(item, action.payload);
    },
    removed(state, action: PayloadAction<string>) {
      state.items = state.items.filter((item) => item.clientId !== action.payload);
    },
    /** Forgets what is on the screen of a session that has ended; the device keeps it for the account's return. */
    cleared(state) {
      state.items = [];
    },
  },
});

export const outboxReducer = slice.reducer;
export const outboxActions = slice.actions;

export interface WithOutbox {
  outbox: { items: Outgoing[] };
}

export const selectOutgoing = (state: WithOutbox): Outgoing[] => state.outbox.items;

/** What is on its way to one place. */
export const outgoingTo = (items: Outgoing[], place: Pick<Place, 'kind' | 'id'>): Outgoing[] =>
  items.filter((item) => item.place.kind === place.kind && item.place.id === place.id);
