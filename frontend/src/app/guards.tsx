import { useSelector } from 'react-redux';
import { Navigate, Outlet, useLocation } from 'react-router';
import { selectSessionStatus } from '@/api/session';
import { networkProblem } from '@/api/problem';
import { useMe } from '@/components/hooks';
import { PageLoader } from '@/components/PageLoader';
import { ProblemNote } from '@/components/ProblemNote';
import { NotFoundPage } from './NotFoundPage';

/** Where signing in leads: the page that was wanted, if it is one of ours. */
function wanted(search: string): string {
  const next = new URLSearchParams(search).get('next');
  return next?.startsWith('/') && !next.startsWith('//') ? next : '/';
}

/** Lets nobody through without a session, and remembers where one wanted to go. */
export function RequireAccount() {
  const status = useSelector(selectSessionStatus);
  const { pathname, search, hash } = useLocation();
  if (status === 'asking') return <PageLoader />;
  if (status === 'unreachable') return <Unreachable />;
  if (status === 'in' || status === 'offline') return <Outlet />;
  const next = pathname + search + hash;
  return <Navigate to={next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`} replace />;
}

/** Sends those on who are signed in already. */
export function RequireStranger() {
  const status = useSelector(selectSessionStatus);
  const { search } = useLocation();
  if (status === 'asking') return <PageLoader />;
  if (status === 'in' || status === 'offline') return <Navigate to={wanted(search)} replace />;
  return <Outlet />;
}

/** Hides what only administrators of the installation may see; the server asks again. */
export function RequireAdmin() {
  return useMe().role === 'admin' ? <Outlet /> : <NotFoundPage />;
}

function Unreachable() {
  return (
    <main style={{ display: 'grid', placeItems: 'center', minHeight: '100%', padding: 16 }}>
      <ProblemNote problem={networkProblem} onRetry={() => location.reload()} />
    </main>
  );
}
