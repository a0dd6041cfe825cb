import { useTranslation } from 'react-i18next';
import { useWatchRoom } from './room';

/** The name of somebody in the meeting by user id. */
export function useTeacherName(): (userId: string) => string {
  const { t } = useTranslation('watch');
  const { participants } = useWatchRoom();
  return (userId) => participants.find(({ user }) => user.id === userId)?.user.name ?? t('aTeacher');
}
