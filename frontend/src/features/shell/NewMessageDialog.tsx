import { Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useConversationsQuery, useOpenConversationMutation } from '@/api/conversations';
import { useSearchUsersQuery } from '@/api/members';
import { asProblem } from '@/api/problem';
import type { Profile } from '@/api/wire.gen';
import { ProblemNote } from '@/components/ProblemNote';
import { searchable } from '@/components/searchable';
import { UserAvatar } from '@/components/UserAvatar';
import { useListbox } from '@/components/useListbox';
import { useNameOf } from '@/components/useNameOf';
import classes from './NewMessageDialog.module.css';
import { byActivity } from './sections';

/** Finds a person and opens the conversation with them. */
export function NewMessageDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['sidebar', 'common']);
  return (
    <Modal opened={opened} onClose={onClose} title={t('newMessage')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <FindPerson onClose={onClose} />
    </Modal>
  );
}

function FindPerson({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['sidebar', 'common']);
  const nameOf = useNameOf();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 200);
  const asks = searchable(q);
  const { data: conversations } = useConversationsQuery();
  const { currentData: found, error, isFetching } = useSearchUsersQuery(q, { skip: !asks });
  const [open, opening] = useOpenConversationMutation();
  const recent = byActivity(conversations ?? []).map((conversation) => conversation.peer);
  const people: Profile[] = asks ? (found ?? []) : recent.slice(0, 8);

  const write = async (person: Profile | undefined) => {
    if (!person || opening.isLoading) return;
    const { data } = await open({ user_id: person.id });
    if (!data) return;
    onClose();
    void navigate(`/conversations/${data.id}`);
  };
  const listbox = useListbox(people.length, (at) => void write(people[at]), q);
  const problem = opening.error ?? error;

  return (
    <>
      <TextInput
        aria-label={t('findPerson')}
        placeholder={t('findPerson')}
        leftSection={<Search size={16} aria-hidden="true" />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
        {...listbox.inputProps}
      />
      {problem && <ProblemNote problem={asProblem(problem)} />}
      <div className={classes.list} aria-label={t('people')} {...listbox.listProps}>
        {people.map((person, at) => (
          <div key={person.id} className={classes.person} {...listbox.optionProps(at)}>
            <UserAvatar user={person} size={32} presence={person.presence} />
            <span className={classes.name}>{nameOf(person)}</span>
          </div>
        ))}
      </div>
      <p role="status" className={classes.none}>
        {asks && found?.length === 0 && !isFetching ? t('nobody') : null}
      </p>
    </>
  );
}
