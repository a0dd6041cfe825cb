export { CallButtons } from './CallButtons';
export { CallsProvider } from './context';
