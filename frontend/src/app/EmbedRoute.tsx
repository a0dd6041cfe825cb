import { EmbedFrame } from '@/features/embed';
import MeetingPage from '@/features/meeting';
import { watchParts } from './watchParts';

/** The meeting alone, for a frame in another page. */
export default function EmbedRoute() {
  return <EmbedFrame>{(onSession) => <MeetingPage watchParts={watchParts} onSession={onSession} />}</EmbedFrame>;
}
