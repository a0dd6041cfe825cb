import { api } from './api';
import { http } from './http';
import { asProblem, type Problem } from './problem';
import type {
  ChangePasswordRequest,
  DeleteMeRequest,
  DeviceSession,
  Export,
  ForgotPasswordRequest,
  List,
  Me,
  ResetPasswordRequest,
  ServerInfo,
  VerifyEmailRequest,
} from './wire.gen';

/** What one does with one's own account, and what the server says of itself to anybody. */
const accountApi = api.enhanceEndpoints({ addTagTypes: ['Sessions'] }).injectEndpoints({
  endpoints: (build) => ({
    server: build.query<ServerInfo, void>({ query: () => ({ path: '/server' }) }),

    sessions: build.query<DeviceSession[], void>({
      query: () => ({ path: '/me/sessions' }),
      transformResponse: (page: List<DeviceSession>) => page.items,
      providesTags: ['Sessions'],
    }),
    endSession: build.mutation<void, string>({
      query: (id) => ({ method: 'DELETE', path: `/me/sessions/${id}` }),
      invalidatesTags: ['Sessions'],
    }),
    endOtherSessions: build.mutation<void, void>({
      query: () => ({ method: 'DELETE', path: '/me/sessions' }),
      invalidatesTags: ['Sessions'],
    }),
    changePassword: build.mutation<void, ChangePasswordRequest>({
      query: (body) => ({ method: 'PUT', path: '/me/password', body }),
      invalidatesTags: (_, error) => (error ? [] : ['Sessions']),
    }),

    removeAvatar: build.mutation<Me, void>({
      query: () => ({ method: 'DELETE', path: '/me/avatar' }),
      invalidatesTags: ['Me'],
    }),
    sendVerification: build.mutation<void, void>({
      query: () => ({ method: 'POST', path: '/me/verify-email' }),
      invalidatesTags: ['Me'],
    }),
    verifyEmail: build.mutation<void, VerifyEmailRequest>({
      query: (body) => ({ method: 'POST', path: '/auth/verify-email', body }),
      invalidatesTags: ['Me'],
    }),
    forgotPassword: build.mutation<void, ForgotPasswordRequest>({
      query: (body) => ({ method: 'POST', path: '/auth/forgot-password', body }),
    }),
  }),
});

export const {
  useServerQuery,
  useSessionsQuery,
  useEndSessionMutation,
  useEndOtherSessionsMutation,
  useChangePasswordMutation,
  useRemoveAvatarMutation,
  useSendVerificationMutation,
  useVerifyEmailMutation,
  useForgotPasswordMutation,
} = accountApi;

/** Sets a new password with the token of a letter. Answers null, or the problem. */
export function resetPassword(body: ResetPasswordRequest): Promise<Problem | null> {
  return http<void>({ method: 'POST', path: '/auth/reset-password', body }).then(() => null, asProblem);
}

/** Ends one's own account. Answers null, or the problem; the caller forgets the session. */
export function deleteMe(body: DeleteMeRequest): Promise<Problem | null> {
  return http<void>({ method: 'DELETE', path: '/me', body }).then(() => null, asProblem);
}

/** Everything that is kept about oneself; too large for the cache. Rejects with a Problem. */
export function fetchExport(): Promise<Export> {
  return http<Export>({ path: '/me/export' });
}
