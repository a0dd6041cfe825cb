import { ErrorBoundary } from '@/components/ErrorBoundary';
import { CallSessionProvider, useCallsState } from './context';
import { CallView } from './CallView';
import { OtherCallBar } from './OtherCallBar';
import { Ringing } from './Ringing';
import { RingSound } from './RingSound';

/** What of calls lies above every page: what rings, and the call that goes on. */
export default function CallLayer() {
  const { current, ringing, other } = useCallsState();
  const [first] = ringing;
  return (
    <ErrorBoundary resetKey={current?.id ?? ''}>
      {first && (
        <CallSessionProvider value={first}>
          <Ringing compact={current !== null} />
        </CallSessionProvider>
      )}
      {current && (
        <CallSessionProvider value={current} key={current.snapshot().user.id}>
          <CallView />
        </CallSessionProvider>
      )}
      {!current && other && <OtherCallBar other={other} />}
      <RingSound incoming={first !== undefined} />
    </ErrorBoundary>
  );
}
