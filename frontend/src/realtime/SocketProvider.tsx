import { createContext, type ReactNode, use, useEffect, useRef, useSyncExternalStore } from 'react';
import type { EventHandler, EventName } from './events';
import type { Socket, SocketState } from './socket';

const SocketContext = createContext<Socket | null>(null);

export function SocketProvider({ socket, children }: { socket: Socket; children: ReactNode }) {
  return <SocketContext value={socket}>{children}</SocketContext>;
}

/** The app's one socket. */
export function useSocket(): Socket {
  const socket = use(SocketContext);
  if (!socket) throw new Error('useSocket needs a SocketProvider above it');
  return socket;
}

export function useSocketState(): SocketState {
  const socket = useSocket();
  return useSyncExternalStore(
    (changed) => socket.onState(changed),
    () => socket.state,
  );
}

/** Hears one kind of event while mounted; the newest handler is called. */
export function useSocketEvent<K extends EventName>(type: K, handler: EventHandler<K>): void {
  const socket = useSocket();
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => socket.on(type, (data, at) => latest.current(data, at)), [socket, type]);
}
