import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import { api } from './api';
import { http, refreshAccessToken, setAccessToken } from './http';
import { asProblem, type Problem } from './problem';
import { forgetSnapshots, loadSnapshot, showSnapshot } from './snapshot';
import type { LoginRequest, Me, RegisterRequest, Session } from './wire.gen';

/**
 * `unreachable`: the server could not be asked yet whether there still is a session. `offline`: the same, but what was last
 * seen here can be shown meanwhile.
 */
export type SessionStatus = 'asking' | 'unreachable' | 'offline' | 'in' | 'out';

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

let resuming: Promise<void> | null = null;

/** Takes up the session of the refresh cookie, if there is one. Asked again while it asks, it asks once. */
export function resumeSession() {
  return (dispatch: Dispatch, getState: () => unknown): Promise<void> => {
    resuming ??= resume(dispatch, getState as () => WithSession).finally(() => {
      resuming = null;
    });
    return resuming;
  };
}

async function resume(dispatch: Dispatch, getState: () => WithSession): Promise<void> {
  const isOffline = () => selectSessionStatus(getState()) === 'offline';
  if (!isOffline()) dispatch(statusChanged('asking') as never);
  // A network that swallows questions gives no error for minutes.
  const impatient = setTimeout(() => void dispatch(goOffline() as never), PATIENCE_MS);
  try {
    const token = await refreshAccessToken();
    if (token === null) return void dispatch(signedOut() as never);
    const me = await http<Me>({ path: '/me' });
    const before = api.endpoints.me.select()(getState() as never).data;
    if (before && before.id !== me.id) dispatch(api.util.resetApiState() as never);
    const stale = isOffline();
    await dispatch(signedIn(me) as never);
    if (stale) dispatch(api.util.invalidateTags([...asOldAsTheLastVisit]) as never);
  } catch (error) {
    if (asProblem(error).status === 401) return void dispatch(signedOut() as never);
    await dispatch(goOffline() as never);
  } finally {
    clearTimeout(impatient);
  }
}

const asOldAsTheLastVisit = ['Channels', 'Conversations', 'Posts', 'Messages', 'Comments', 'Members', 'Notifications', 'Preferences'] as const;

/** How long the server may take to say whether there is a session, before what is at hand is shown, in milliseconds. */
const PATIENCE_MS = 4_000;

/** Shows what this device has kept of the account that was here last, if it has. */
function goOffline() {
  return async (dispatch: Dispatch, getState: () => WithSession): Promise<void> => {
    if (selectSessionStatus(getState()) === 'offline') return;
    const snapshot = await loadSnapshot();
    if (selectSessionStatus(getState()) !== 'asking') return; // the server has answered after all
    if (snapshot) await dispatch(showSnapshot(snapshot) as never);
    dispatch(statusChanged(snapshot ? 'offline' : 'unreachable') as never);
  };
}

function signedIn(me: Me) {
  return async (dispatch: Dispatch): Promise<void> => {
    const kept = await loadSnapshot();
    if (kept && kept.me.id !== me.id) await forgetSnapshots();
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
    void forgetSnapshots();
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
