export { HomePage } from './HomePage';
export { JoinPage } from './JoinPage';
export { QuotaNotice } from './QuotaNotice';
export { Shell } from './Shell';
