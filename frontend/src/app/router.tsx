import { lazy, type ReactNode, Suspense } from 'react';
import { createBrowserRouter, Outlet, useLocation } from 'react-router';
import { ErrorBoundary } from '@/components/ErrorBoundary';
import { PageLoader } from '@/components/PageLoader';
import { LoginPage, RegisterPage } from '@/features/auth';
import { HomePage, JoinPage, Shell } from '@/features/shell';
import { NotFoundPage } from './NotFoundPage';
import { RequireAccount, RequireStranger } from './guards';

const ChannelPage = lazy(() => import('@/features/channels'));
const MeetingPage = lazy(() => import('./MeetingRoute'));
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
  return (
    <Shell>
      <Page>
        <Outlet />
      </Page>
    </Shell>
  );
}

export function makeRouter() {
  return createBrowserRouter([
    {
      element: <RequireStranger />,
      children: [
        { path: '/login', element: <LoginPage /> },
        { path: '/register', element: <RegisterPage /> },
      ],
    },
    {
      element: <RequireAccount />,
      children: [
        {
          path: '/meeting/:id',
          element: (
            <Page>
              <MeetingPage />
            </Page>
          ),
        },
        {
          element: <ShellLayout />,
          children: [
            { path: '/', element: <HomePage /> },
            { path: '/join/:code', element: <JoinPage /> },
            { path: '/channels/:id/:tab?', element: <ChannelPage /> },
            { path: '/settings', element: <SettingsPage /> },
            { path: '*', element: <NotFoundPage /> },
          ],
        },
      ],
    },
  ]);
}
