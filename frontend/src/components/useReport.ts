import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { asProblem } from '@/api/problem';
import { useProblemWords } from '@/i18n/problems';

/** Tells what went wrong with a request that has no place of its own for it; answers whether it went well. */
export function useReport(): (result: { error?: unknown }) => boolean {
  const { sentence } = useProblemWords();
  return useCallback(
    ({ error }) => {
      if (error) notifications.show({ color: 'red', message: sentence(asProblem(error)) });
      return !error;
    },
    [sentence],
  );
}
