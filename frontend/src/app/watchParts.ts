import { LessonPanel, LoadVideoDialog, WatchStage } from '@/features/watch';

/** Watching together, to be put into a meeting. */
export const watchParts = { Stage: WatchStage, Panel: LessonPanel, LoadDialog: LoadVideoDialog };
