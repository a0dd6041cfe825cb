export { AdminPage as default } from './AdminPage';
