import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { useProblemWords } from '@/i18n/problems';

/** Says that something was refused, in the server's words where it has some. */
export function useFailed(): (error: unknown) => void {
  const { t } = useTranslation('watch');
  const { sentence } = useProblemWords();
  return (error) => {
    const problem = asProblem(error);
    notifications.show({ color: 'red', message: problem.status >= 400 && problem.status < 500 ? sentence(problem) : t('commandFailed') });
  };
}
