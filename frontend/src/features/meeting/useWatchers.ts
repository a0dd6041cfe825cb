import { useEffect, useState } from 'react';
import { useSession } from './sessions';
import { SpeakingMarks } from './speakingMarks';
import { ViewTracker } from './viewTracker';

/** Tells the server what is on screen. */
export function useViewTracker(): ViewTracker | null {
  const { meeting } = useSession();
  const [tracker, setTracker] = useState<ViewTracker | null>(null);
  useEffect(() => {
    const made = new ViewTracker((tiles) => meeting.setView(tiles));
    setTracker(made);
    return () => made.close();
  }, [meeting]);
  return tracker;
}

/** Marks who speaks. */
export function useSpeakingMarks(): SpeakingMarks | null {
  const { meeting } = useSession();
  const [marks, setMarks] = useState<SpeakingMarks | null>(null);
  useEffect(() => {
    const made = new SpeakingMarks(meeting);
    setMarks(made);
    return () => made.close();
  }, [meeting]);
  return marks;
}
