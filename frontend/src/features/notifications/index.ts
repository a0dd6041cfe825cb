export { Announcer } from './Announcer';
export { Bell } from './Bell';
