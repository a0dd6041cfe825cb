import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddMemberMutation, useSearchUsersQuery } from '@/api/members';
import { asProblem } from '@/api/problem';
import type { Channel } from '@/api/wire.gen';
import { searchable } from '@/components/searchable';
import { ProblemNote } from '@/components/ProblemNote';
import { UserAvatar } from '@/components/UserAvatar';
import classes from './PeoplePanel.module.css';
import { useMemberMap } from '@/components/chat/useMemberMap';

export function AddPerson({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 250);
  const members = useMemberMap(channel.id);
  const { data: found, error, isFetching } = useSearchUsersQuery(q, { skip: !searchable(q) });
  const [addMember, adding] = useAddMemberMutation();

  const add = async (userId: string, name: string) => {
    const { data } = await addMember({ channelId: channel.id, userId, role: 'student' });
    if (data) notifications.show({ message: t('peoplePanel.added', { name }), autoClose: 2500 });
  };

  return (
    <div>
      <TextInput
        label={t('peoplePanel.add')}
        description={t('peoplePanel.addLabel')}
        placeholder={t('peoplePanel.addPlaceholder')}
        leftSection={<Search size={16} aria-hidden="true" />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autoComplete="off"
        mb="xs"
      />
      <ProblemNote problem={adding.error ? asProblem(adding.error) : error ? asProblem(error) : null} />
      <div aria-live="polite" style={{ minHeight: 44 }}>
        {searchable(q) && found?.length === 0 && !isFetching && <p style={{ color: 'var(--ink-soft)' }}>{t('peoplePanel.noneFound')}</p>}
        {searchable(q) &&
          found?.map((user) => (
            <div key={user.id} className={classes.found}>
              <UserAvatar user={user} size={30} />
              <span className={classes.words}>{user.name}</span>
              {members.has(user.id) ? (
                <span className={classes.you}>{t('peoplePanel.alreadyMember')}</span>
              ) : (
                <Button size="compact-sm" variant="light" disabled={adding.isLoading} onClick={() => void add(user.id, user.name)}>
                  {t('peoplePanel.add')}
                </Button>
              )}
            </div>
          ))}
      </div>
    </div>
  );
}
