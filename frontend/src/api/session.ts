import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import { api } from './api';
import { http, refreshAccessToken, setAccessToken } from './http';
import { asProblem, type Problem } from './problem';
import type { LoginRequest, Me, RegisterRequest, Session } from './wire.gen';

/** `unreachable`: the server could not be asked yet whether there still is a session. */
export type SessionStatus = 'asking' | 'unreachable' | 'in' | 'out';

/** Why there is no session any more: it was ended from elsewhere, or its account was deleted here. */
export type Farewell = 'ended' | 'deleted';

interface SessionState {
  status: SessionStatus;
  /** Told on the next sign-in page; null after signing out oneself. */
  farewell: Farewell | null;
}

const slice = createSlice({
  name: 'session',
  initialState: { status: 'asking', farewell: null } as SessionState,
  reducers: {
    statusChanged(state, action: PayloadAction<SessionStatus>) {
      state.status = action.payload;
      if (action.payload === 'in') state.farewell = null;
    },
    farewellSaid(state, action: PayloadAction<Farewell | null>) {
      state.farewell = action.payload;
    },
  },
});

export const sessionReducer = slice.reducer;
const { statusChanged, farewellSaid } = slice.actions;

interface WithSession {
  session: SessionState;
}

type Dispatch = (action: never) => unknown;

export const selectSessionStatus = (state: WithSession): SessionStatus => state.session.status;

export const selectFarewell = (state: WithSession): Farewell | null => state.session.farewell;

/** Takes up the session of the refresh cookie, if there is one. */
export function resumeSession() {
  return async (dispatch: Dispatch): Promise<void> => {
    dispatch(statusChanged('asking') as never);
    try {
      const token = await refreshAccessToken();
      if (token === null) return void dispatch(statusChanged('out') as never);
      const me = await http<Me>({ path: '/me' });
      await dispatch(signedIn(me) as never);
    } catch (error) {
      const problem = asProblem(error);
      dispatch(statusChanged(problem.status === 401 ? 'out' : 'unreachable') as never);
    }
  };
}

function signedIn(me: Me) {
  return async (dispatch: Dispatch): Promise<void> => {
    await dispatch(api.util.upsertQueryData('me', undefined, me) as never);
    dispatch(statusChanged('in') as never);
  };
}

/** Opens an account or signs in. Answers null, or the problem. */
export function signIn(request: { login: LoginRequest } | { register: RegisterRequest }) {
  return async (dispatch: Dispatch): Promise<Problem | null> => {
    try {
      const [path, body] = 'login' in request ? ['/auth/login', request.login] : ['/auth/register', request.register];
      const session = await http<Session>({ method: 'POST', path, body });
      setAccessToken(session.access_token);
      await dispatch(signedIn(session.user) as never);
      return null;
    } catch (error) {
      return asProblem(error);
    }
  };
}

/** Ends the session here and on the server; without a connection only here. */
export function signOut() {
  return async (dispatch: Dispatch): Promise<void> => {
    await http({ method: 'POST', path: '/auth/logout' }).catch(() => undefined);
    dispatch(signedOut() as never);
  };
}

/** Forgets everything of the session that has ended. */
export function signedOut(farewell: Farewell | null = null) {
  return (dispatch: Dispatch): void => {
    setAccessToken(null);
    dispatch(farewellSaid(farewell) as never);
    dispatch(statusChanged('out') as never);
    dispatch(api.util.resetApiState() as never);
  };
}

/** The server no longer renews the session. Who was not signed in has nothing to be told. */
export function sessionRefused() {
  return (dispatch: Dispatch, getState: () => unknown): void => {
    if (selectSessionStatus(getState() as WithSession) === 'in') dispatch(signedOut('ended') as never);
  };
}
