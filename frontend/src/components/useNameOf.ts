import { useTranslation } from 'react-i18next';
import type { Profile } from '@/api/wire.gen';

/** How people are called: of a deleted account only the fact is left. */
export function useNameOf(): (user: Pick<Profile, 'name' | 'deleted'>) => string {
  const { t } = useTranslation();
  return (user) => (user.deleted ? t('deletedUser') : user.name);
}
