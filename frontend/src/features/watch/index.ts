export { LoadVideoDialog } from './LoadVideoDialog';
export { WatchStage } from './WatchStage';
