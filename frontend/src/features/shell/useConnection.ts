import { useNetwork } from '@mantine/hooks';
import { type SocketState, useSocketState } from '@/realtime';

/** How the line to the server is: a device without a network is offline even before its socket has noticed. */
export function useConnection(): SocketState | 'offline' {
  const { online } = useNetwork();
  const state = useSocketState();
  return online ? state : 'offline';
}
