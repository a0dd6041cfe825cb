import { lazy, type ReactNode, Suspense } from 'react';
import { ProfileSlots } from '@/components/ProfileCard/slots';
import { CallButtons, CallsProvider } from '@/features/call';

const CallLayer = lazy(() => import('@/features/call/CallLayer'));

const slots = { CallButtons };

/** Calls lie above the routes, so that leaving a page ends none, and may be made wherever a person is shown. */
export function CallsHost({ children }: { children: ReactNode }) {
  return (
    <CallsProvider>
      <ProfileSlots value={slots}>{children}</ProfileSlots>
      <Suspense>
        <CallLayer />
      </Suspense>
    </CallsProvider>
  );
}
