export { ChannelPage as default } from './ChannelPage';
