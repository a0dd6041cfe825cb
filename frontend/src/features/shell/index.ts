export { HomePage } from './HomePage';
export { JoinPage } from './JoinPage';
export { Shell } from './Shell';
