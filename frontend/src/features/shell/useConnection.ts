import { useNetwork } from '@mantine/hooks';
import { useSelector } from 'react-redux';
import { selectSessionStatus } from '@/api/session';
import { type SocketState, useSocketState } from '@/realtime';

/** How the line to the server is: a device without a network is offline even before its socket has noticed. */
export function useConnection(): SocketState | 'offline' {
  const { online } = useNetwork();
  const state = useSocketState();
  const session = useSelector(selectSessionStatus);
  return online && session !== 'offline' ? state : 'offline';
}
