import { Menu, useMantineColorScheme } from '@mantine/core';
import { Check, ChevronsUpDown, LogOut, Monitor, Moon, Settings, ShieldCheck, Sun } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useUpdateMeMutation } from '@/api/api';
import { signOut } from '@/api/session';
import { useAppDispatch, useMe } from '@/components/hooks';
import { UserAvatar } from '@/components/UserAvatar';
import { languageNames, languages, setLanguage } from '@/i18n';
import classes from './Sidebar.module.css';
import { useConnection } from './useConnection';

const schemes = [
  ['light', Sun],
  ['dark', Moon],
  ['auto', Monitor],
] as const;

export function UserMenu() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const dispatch = useAppDispatch();
  const navigate = useNavigate();
  const online = useConnection() === 'open';
  const [updateMe] = useUpdateMeMutation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  // Whoever signs in next starts at the beginning, not where this person was.
  const leave = async () => {
    await dispatch(signOut());
    await navigate('/login', { replace: true });
  };
  const check = <Check size={16} aria-hidden="true" />;

  return (
    <Menu position="top-start" width={244}>
      <Menu.Target>
        <button type="button" className={classes.account} aria-label={t('shell.accountOf', { name: me.name })}>
          <UserAvatar user={me} size={36} />
          <span style={{ minWidth: 0, flex: 1 }}>
            <span className={classes.accountName}>{me.name}</span>
            <span className={classes.accountState}>{online ? t('online') : t('offline')}</span>
          </span>
          <ChevronsUpDown size={16} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/settings" leftSection={<Settings size={16} aria-hidden="true" />}>
          {t('shell.settings')}
        </Menu.Item>
        {me.role === 'admin' && (
          <Menu.Item component={Link} to="/admin" leftSection={<ShieldCheck size={16} aria-hidden="true" />}>
            {t('shell.admin')}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Label>{t('theme')}</Menu.Label>
        {schemes.map(([scheme, Icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={16} aria-hidden="true" />}
            rightSection={colorScheme === scheme && check}
            aria-current={colorScheme === scheme || undefined}
            closeMenuOnClick={false}
            onClick={() => setColorScheme(scheme)}
          >
            {t(`themes.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('language')}</Menu.Label>
        {languages.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            rightSection={i18n.language === language && check}
            aria-current={i18n.language === language || undefined}
            onClick={() => {
              setLanguage(language);
              void updateMe({ locale: language });
            }}
          >
            {languageNames[language]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={16} aria-hidden="true" />} onClick={() => void leave()}>
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
