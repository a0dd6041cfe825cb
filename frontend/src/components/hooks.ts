import { useDispatch } from 'react-redux';
import { useMeQuery } from '@/api/api';
import type { Me } from '@/api/wire.gen';

type AnyDispatch = (action: unknown) => unknown;

/** Dispatches thunks of the shared slices. */
export function useAppDispatch(): AnyDispatch {
  return useDispatch() as AnyDispatch;
}

/** One's own account; inside the signed-in part of the app it is there. */
export function useMe(): Me {
  const { data } = useMeQuery();
  if (!data) throw new Error('useMe needs a session');
  return data;
}
