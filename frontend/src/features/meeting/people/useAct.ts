import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { asProblem } from '@/api/problem';
import { useProblemWords } from '@/i18n/problems';

/** Says so when something that a teacher asked for was refused; answers whether it was done. */
export function useAct(): (deed: Promise<unknown>) => Promise<boolean> {
  const { sentence } = useProblemWords();
  return useCallback(
    (deed) =>
      deed.then(
        () => true,
        (error: unknown) => {
          notifications.show({ color: 'red', message: sentence(asProblem(error)) });
          return false;
        },
      ),
    [sentence],
  );
}
