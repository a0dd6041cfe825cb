export type { EventHandler, EventMap, EventName } from './events';
export { Socket, SocketError } from './socket';
export type { Answer, RequestOptions, ServerEvent, SocketState, TokenSource } from './socket';
export { SocketProvider, useSocket, useSocketEvent, useSocketState } from './SocketProvider';
