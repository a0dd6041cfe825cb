import { api } from './api';
import type { HttpRequest } from './http';
import type { AdminChannel, AdminUser, AuditEvent, IssuedReset, List, ServerHealth, StorageUse, UpdateUserRequest } from './wire.gen';

type Cursor = string | null;

const paged = <T>() => ({
  infiniteQueryOptions: { initialPageParam: null as Cursor, getNextPageParam: (page: List<T>) => page.next_cursor ?? undefined },
});

const page = (path: string, cursor: 'after' | 'before', at: Cursor, query: HttpRequest['query'] = {}): HttpRequest => ({
  path,
  query: { ...query, limit: 50, [cursor]: at ?? undefined },
});

/** What only administrators may ask. It comes with their pages. */
const adminApi = api.enhanceEndpoints({ addTagTypes: ['Admin'] }).injectEndpoints({
  endpoints: (build) => ({
    adminUsers: build.infiniteQuery<List<AdminUser>, string, Cursor>({
      ...paged<AdminUser>(),
      query: ({ queryArg: q, pageParam }) => page('/admin/users', 'after', pageParam, { q }),
      providesTags: ['Admin'],
      keepUnusedDataFor: 10,
    }),
    updateUser: build.mutation<AdminUser, { id: string } & UpdateUserRequest>({
      query: ({ id, ...body }) => ({ method: 'PATCH', path: `/admin/users/${id}`, body }),
      invalidatesTags: ['Admin'],
    }),
    issueReset: build.mutation<IssuedReset, string>({ query: (id) => ({ method: 'POST', path: `/admin/users/${id}/reset-password` }) }),
    adminChannels: build.infiniteQuery<List<AdminChannel>, void, Cursor>({
      ...paged<AdminChannel>(),
      query: ({ pageParam }) => page('/admin/channels', 'after', pageParam),
      keepUnusedDataFor: 10,
    }),
    audit: build.infiniteQuery<List<AuditEvent>, string, Cursor>({
      ...paged<AuditEvent>(),
      query: ({ queryArg: action, pageParam }) => page('/admin/audit', 'before', pageParam, { action }),
      keepUnusedDataFor: 10,
    }),
    storage: build.query<StorageUse, void>({ query: () => ({ path: '/admin/storage' }), keepUnusedDataFor: 10 }),
    health: build.query<ServerHealth, void>({ query: () => ({ path: '/admin/health' }), keepUnusedDataFor: 10 }),
  }),
});

export const {
  useAdminUsersInfiniteQuery,
  useUpdateUserMutation,
  useIssueResetMutation,
  useAdminChannelsInfiniteQuery,
  useAuditInfiniteQuery,
  useStorageQuery,
  useHealthQuery,
} = adminApi;
