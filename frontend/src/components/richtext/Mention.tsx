import { useTranslation } from 'react-i18next';
import { useMeQuery } from '@/api/api';
import { useAudience } from '../audience';
import { ProfileCard } from '../ProfileCard';
import { useNameOf } from '../useNameOf';
import classes from './Markdown.module.css';

/** Somebody named in a text, by the name they have now. Who is not of the place is only a word. */
export function Mention({ id, written }: { id: string; written: string }) {
  const { t } = useTranslation('chat');
  const nameOf = useNameOf();
  const { people } = useAudience();
  const { data: me } = useMeQuery();
  if (id === 'all') {
    return (
      <span className={classes.mention} data-me>
        @{t('mention.all')}
      </span>
    );
  }
  const person = people.get(id);
  if (!person) return <>@{written}</>;
  return (
    <ProfileCard user={person}>
      <span className={classes.mention} data-me={id === me?.id || undefined}>
        @{nameOf(person)}
      </span>
    </ProfileCard>
  );
}
