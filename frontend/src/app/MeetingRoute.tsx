import MeetingPage from '@/features/meeting';
import { LessonPanel, LoadVideoDialog, WatchStage } from '@/features/watch';

const watchParts = { Stage: WatchStage, Panel: LessonPanel, LoadDialog: LoadVideoDialog };

/** The meeting with watching together put into it. */
export default function MeetingRoute() {
  return <MeetingPage watchParts={watchParts} />;
}
