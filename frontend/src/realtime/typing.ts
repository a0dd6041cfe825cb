import { createSlice, type PayloadAction } from '@reduxjs/toolkit';

/** Milliseconds after which a typing mark is gone unless renewed. */
export const TYPING_LASTS_MS = 6000;

/** Who types where: channel id → user id → when the mark ends, in milliseconds since the epoch. */
export type TypingState = Record<string, Record<string, number>>;

const slice = createSlice({
  name: 'typing',
  initialState: {} as TypingState,
  reducers: {
    typed(state, action: PayloadAction<{ channelId: string; userId: string; now: number }>) {
      const { channelId, userId, now } = action.payload;
      (state[channelId] ??= {})[userId] = now + TYPING_LASTS_MS;
    },
    stopped(state, action: PayloadAction<{ channelId: string; userId: string }>) {
      const people = state[action.payload.channelId];
      if (people) Reflect.deleteProperty(people, action.payload.userId);
    },
  },
});

export const { typed, stopped } = slice.actions;
export const typingReducer = slice.reducer;

const nobody: Record<string, number> = {};

export const selectTyping = (state: { typing: TypingState }, channelId: string): Record<string, number> =>
  state.typing[channelId] ?? nobody;
