import { lazy, type ReactNode, Suspense } from 'react';
import { Outlet, Route, Routes, useLocation } from 'react-router';
import { ErrorBoundary } from '@/components/ErrorBoundary';
import { PageLoader } from '@/components/PageLoader';
import { loadParser } from '@/components/richtext/Markdown';
import { ForgotPage, LoginPage, RegisterPage, ResetPage, VerifyPage } from '@/features/auth';
import { Announcer, Bell } from '@/features/notifications';
import { SearchButton, useSearchDialog } from '@/features/search';
import { HomePage, JoinPage, QuotaNotice, Shell } from '@/features/shell';
import { NotFoundPage } from './NotFoundPage';
import { RequireAccount, RequireAdmin, RequireStranger } from './guards';

// With the parser of what people write, so that nobody sees its marks first; without it they are better than nothing.
const withParser = async <T,>(page: Promise<T>): Promise<T> => (await Promise.all([page, loadParser().catch(() => undefined)]))[0];
const ChannelPage = lazy(() => withParser(import('@/features/channels')));
const ConversationPage = lazy(() => withParser(import('@/features/conversations')));
const ConversationsPage = lazy(() => import('@/features/conversations/ConversationsPage').then(({ ConversationsPage: page }) => ({ default: page })));
const MeetingPage = lazy(() => import('./MeetingRoute'));
const EmbedPage = lazy(() => import('./EmbedRoute'));
const CallsPage = lazy(() => import('@/features/call/CallsPage'));
const AdminPage = lazy(() => import('@/features/admin'));
const SearchPage = lazy(() => import('@/features/search/SearchPage').then(({ SearchPage: page }) => ({ default: page })));
const SettingsPage = lazy(() => import('@/features/settings'));

/** A page that comes on demand and whose failure stays its own. */
function Page({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <ErrorBoundary resetKey={pathname}>
      <Suspense fallback={<PageLoader />}>{children}</Suspense>
    </ErrorBoundary>
  );
}

function ShellLayout() {
  const search = useSearchDialog();
  return (
    <>
      <Shell search={(look) => <SearchButton look={look} onClick={search.open} />} bell={<Bell />}>
        <Page>
          <Outlet />
        </Page>
      </Shell>
      {search.dialog}
    </>
  );
}

/** What stays, whatever page is shown. */
function SignedIn() {
  return (
    <>
      <Announcer />
      <QuotaNotice />
      <Outlet />
    </>
  );
}

export function AppRoutes() {
  return (
    <Routes>
      <Route element={<RequireStranger />}>
        <Route path="/login" element={<LoginPage />} />
        <Route path="/register" element={<RegisterPage />} />
        <Route path="/forgot" element={<ForgotPage />} />
      </Route>
      <Route path="/reset" element={<ResetPage />} />
      <Route path="/verify" element={<VerifyPage />} />
      <Route element={<RequireAccount />}>
        <Route
          path="/embed/meeting/:id"
          element={
            <Page>
              <EmbedPage />
            </Page>
          }
        />
        <Route element={<SignedIn />}>
          <Route
            path="/meeting/:id"
            element={
              <Page>
                <MeetingPage />
              </Page>
            }
          />
          <Route element={<ShellLayout />}>
            <Route path="/" element={<HomePage />} />
            <Route path="/join/:code" element={<JoinPage />} />
            <Route path="/channels/:id/:tab?" element={<ChannelPage />} />
          <Route path="/conversations" element={<ConversationsPage />} />
          <Route path="/conversations/:id" element={<ConversationPage />} />
            <Route path="/search" element={<SearchPage />} />
            <Route path="/calls" element={<CallsPage />} />
            <Route path="/settings" element={<SettingsPage />} />
            <Route element={<RequireAdmin />}>
              <Route path="/admin/:tab?" element={<AdminPage />} />
            </Route>
            <Route path="*" element={<NotFoundPage />} />
          </Route>
        </Route>
      </Route>
    </Routes>
  );
}
