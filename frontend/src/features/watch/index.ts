export { LessonPanel } from './LessonPanel';
export { LoadVideoDialog } from './LoadVideoDialog';
export { WatchStage } from './WatchStage';
