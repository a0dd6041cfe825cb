export { CallButtons } from './CallButtons';
export { CallsProvider, useCallsState } from './context';
