export { ConversationPage as default } from './ConversationPage';
