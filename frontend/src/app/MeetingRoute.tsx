import MeetingPage from '@/features/meeting';
import { watchParts } from './watchParts';

/** The meeting with watching together put into it. */
export default function MeetingRoute() {
  return <MeetingPage watchParts={watchParts} />;
}
