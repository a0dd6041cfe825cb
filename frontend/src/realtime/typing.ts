import { createSlice, type PayloadAction } from '@reduxjs/toolkit';

/** Milliseconds after which a typing mark is gone unless renewed. */
export const TYPING_LASTS_MS = 6000;

/** Who types where: place (channel or conversation) → user id → when the mark ends, in milliseconds since the epoch. */
export type TypingState = Record<string, Record<string, number>>;

const slice = createSlice({
  name: 'typing',
  initialState: {} as TypingState,
  reducers: {
    typed(state, action: PayloadAction<{ placeId: string; userId: string; now: number }>) {
      const { placeId, userId, now } = action.payload;
      (state[placeId] ??= {})[userId] = now + TYPING_LASTS_MS;
    },
    stopped(state, action: PayloadAction<{ placeId: string; userId: string }>) {
      const people = state[action.payload.placeId];
      if (people) Reflect.deleteProperty(people, action.payload.userId);
    },
  },
});

export const { typed, stopped } = slice.actions;
export const typingReducer = slice.reducer;

const nobody: Record<string, number> = {};

export const selectTyping = (state: { typing: TypingState }, placeId: string): Record<string, number> =>
  state.typing[placeId] ?? nobody;
