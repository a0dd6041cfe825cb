import { ActionIcon, Menu, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { Ellipsis, Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAdminUsersInfiniteQuery, useIssueResetMutation, useUpdateUserMutation } from '@/api/admin';
import { asProblem } from '@/api/problem';
import type { AdminUser } from '@/api/wire.gen';
import { useConfirm } from '@/components/confirm';
import { useMe } from '@/components/hooks';
import { UserAvatar } from '@/components/UserAvatar';
import { useFormats } from '@/i18n/format';
import { useProblemWords } from '@/i18n/problems';
import classes from './AdminPage.module.css';
import { Paged } from './Paged';
import { ResetDialog } from './ResetDialog';

export function PeopleTab() {
  const { t } = useTranslation('admin');
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 250);
  const query = useAdminUsersInfiniteQuery(q, { refetchOnMountOrArgChange: true });
  return (
    <>
      <TextInput
        type="search"
        aria-label={t('people.search')}
        placeholder={t('people.search')}
        leftSection={<Search size={17} aria-hidden="true" />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        maxLength={254}
        mb="md"
      />
      <Paged query={query} empty={q ? t('people.noMatch') : t('people.none')}>
        {(users) => (
          <table className={classes.table}>
            <thead>
              <tr>
                <th>{t('people.person')}</th>
                <th>{t('people.channels')}</th>
                <th>{t('people.storage')}</th>
                <th>{t('people.lastSeen')}</th>
                <th>
                  <span className="visually-hidden">{t('people.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {users.map((user) => (
                <PersonRow key={user.user.id} account={user} />
              ))}
            </tbody>
          </table>
        )}
      </Paged>
    </>
  );
}

function PersonRow({ account }: { account: AdminUser }) {
  const { t } = useTranslation('admin');
  const { ago, full, number, size } = useFormats();
  const me = useMe();
  const { user, email, role, disabled_at: disabled, last_seen_at: seen } = account;
  return (
    <tr data-off={disabled !== null || undefined}>
      <td>
        <div className={classes.person}>
          <UserAvatar user={user} size={36} presence={user.presence} />
          <div className={classes.words}>
            <div className={classes.name}>
              {user.name}
              {role === 'admin' && <span className={classes.badge}>{t('people.administrator')}</span>}
              {disabled !== null && (
                <span className={classes.badge} data-warn title={full(disabled)}>
                  {t('people.disabled')}
                </span>
              )}
            </div>
            <div className={classes.soft}>{email}</div>
          </div>
        </div>
      </td>
      <td data-label={t('people.channels')}>{number(account.channels)}</td>
      <td data-label={t('people.storage')}>{size(account.bytes)}</td>
      <td data-label={t('people.lastSeen')} title={seen ? full(seen) : undefined}>
        {seen ? ago(seen) : t('people.never')}
      </td>
      <td className={classes.act}>{user.id !== me.id && <PersonMenu account={account} />}</td>
    </tr>
  );
}

function PersonMenu({ account: { user, email, role, disabled_at: disabled } }: { account: AdminUser }) {
  const { t } = useTranslation('admin');
  const { sentence } = useProblemWords();
  const { ask, dialog } = useConfirm();
  const [update] = useUpdateUserMutation();
  const [issue, { data: issued, reset: forget }] = useIssueResetMutation();
  const { id, name } = user;

  const change = async (body: { role?: AdminUser['role']; disabled?: boolean }) => {
    const { error } = await update({ id, ...body });
    if (error) notifications.show({ color: 'red', message: sentence(asProblem(error)) });
  };
  const sendReset = async () => {
    const { error } = await issue(id);
    if (error) notifications.show({ color: 'red', message: sentence(asProblem(error)) });
  };
  const promote = () =>
    ask({
      title: t('people.promoteTitle', { name }),
      text: t('people.promoteText'),
      action: t('people.promote'),
      onConfirm: () => void change({ role: 'admin' }),
    });
  const disable = () =>
    ask({
      title: t('people.disableTitle', { name }),
      text: t('people.disableText'),
      action: t('people.disable'),
      onConfirm: () => void change({ disabled: true }),
    });

  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('people.actionsFor', { name })}>
            <Ellipsis size={18} aria-hidden="true" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {disabled === null && <Menu.Item onClick={() => void sendReset()}>{t('people.reset')}</Menu.Item>}
          {role === 'admin' ? (
            <Menu.Item onClick={() => void change({ role: 'user' })}>{t('people.demote')}</Menu.Item>
          ) : (
            <Menu.Item onClick={promote}>{t('people.promote')}</Menu.Item>
          )}
          {disabled === null ? (
            <Menu.Item color="red" onClick={disable}>
              {t('people.disable')}
            </Menu.Item>
          ) : (
            <Menu.Item onClick={() => void change({ disabled: false })}>{t('people.enable')}</Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {dialog}
      <ResetDialog email={email} issued={issued} onClose={forget} />
    </>
  );
}
