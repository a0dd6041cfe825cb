import { useCallback, useState } from 'react';
import { useDispatch } from 'react-redux';
import { asProblem, type Problem } from './problem';
import { loadOlder, type StreamName } from './streams';

/** Loads the page before a stream's window. */
export function useLoadOlder(name: StreamName, id: string): [() => Promise<void>, { isLoading: boolean; error: Problem | null }] {
  const dispatch = useDispatch();
  const [state, setState] = useState<{ isLoading: boolean; error: Problem | null }>({ isLoading: false, error: null });
  const load = useCallback(async () => {
    setState({ isLoading: true, error: null });
    const error = await (dispatch(loadOlder(name, id) as never) as Promise<void>).then(() => null, asProblem);
    setState({ isLoading: false, error });
  }, [dispatch, name, id]);
  return [load, state];
}
