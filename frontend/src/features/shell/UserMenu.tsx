import { Menu, useMantineColorScheme } from '@mantine/core';
import { BellOff, ChevronsUpDown, Languages, LogOut, Monitor, Moon, Settings, ShieldCheck, Sun } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useUpdateMeMutation } from '@/api/api';
import { useProfileQuery } from '@/api/members';
import { usePreferencesQuery, useUpdatePreferencesMutation } from '@/api/preferences';
import { signOut } from '@/api/session';
import { useAppDispatch, useMe } from '@/components/hooks';
import { UserAvatar } from '@/components/UserAvatar';
import { useReport } from '@/components/useReport';
import { useFormats } from '@/i18n/format';
import { languageNames, languages, setLanguage } from '@/i18n';
import classes from './Sidebar.module.css';
import { minutesUntilMorning } from './minutesUntilMorning';
import { useConnection } from './useConnection';

const schemes = [
  ['light', Sun],
  ['dark', Moon],
  ['auto', Monitor],
] as const;

export function UserMenu() {
  const { t, i18n } = useTranslation(['common', 'sidebar']);
  const me = useMe();
  const dispatch = useAppDispatch();
  const navigate = useNavigate();
  const online = useConnection() === 'open';
  const [updateMe] = useUpdateMeMutation();
  const { data: mine } = usePreferencesQuery();
  const { data: profile } = useProfileQuery(me.id);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const presence = !online ? 'offline' : mine?.dnd ? 'dnd' : profile && profile.presence !== 'offline' ? profile.presence : 'online';
  // Whoever signs in next starts at the beginning, not where this person was.
  const leave = async () => {
    await dispatch(signOut());
    await navigate('/login', { replace: true });
  };

  return (
    <Menu position="top-start" width={252}>
      <Menu.Target>
        <button type="button" className={classes.account} aria-label={t('shell.accountOf', { name: me.name })}>
          <UserAvatar user={me} size={36} presence={presence} />
          <span style={{ minWidth: 0, flex: 1 }}>
            <span className={classes.accountName}>{me.name}</span>
            <span className={classes.accountState}>{t(presence)}</span>
          </span>
          <ChevronsUpDown size={16} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <DoNotDisturb />
        <Switches />
        <Menu.Divider />
        <Menu.Item component={Link} to="/settings" leftSection={<Settings size={16} aria-hidden="true" />}>
          {t('shell.settings')}
        </Menu.Item>
        {me.role === 'admin' && (
          <Menu.Item component={Link} to="/admin" leftSection={<ShieldCheck size={16} aria-hidden="true" />}>
            {t('shell.admin')}
          </Menu.Item>
        )}
        <Menu.Sub>
          <Menu.Sub.Target>
            <Menu.Sub.Item leftSection={<Sun size={16} aria-hidden="true" />}>{t('theme')}</Menu.Sub.Item>
          </Menu.Sub.Target>
          <Menu.Sub.Dropdown>
            <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as typeof colorScheme)}>
              {schemes.map(([scheme, Icon]) => (
                <Menu.RadioItem key={scheme} value={scheme} rightSection={<Icon size={16} aria-hidden="true" />}>
                  {t(`themes.${scheme}`)}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Sub.Dropdown>
        </Menu.Sub>
        <Menu.Sub>
          <Menu.Sub.Target>
            <Menu.Sub.Item leftSection={<Languages size={16} aria-hidden="true" />}>{t('language')}</Menu.Sub.Item>
          </Menu.Sub.Target>
          <Menu.Sub.Dropdown>
            <Menu.RadioGroup
              value={i18n.language}
              onChange={(chosen) => {
                const language = languages.find((one) => one === chosen);
                if (!language) return;
                setLanguage(language);
                void updateMe({ locale: language });
              }}
            >
              {languages.map((language) => (
                <Menu.RadioItem key={language} value={language} lang={language}>
                  {languageNames[language]}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Sub.Dropdown>
        </Menu.Sub>
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={16} aria-hidden="true" />} onClick={() => void leave()}>
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Silence for a while: off with one press, on for how long in a second step. */
function DoNotDisturb() {
  const { t } = useTranslation('sidebar');
  const report = useReport();
  const { day, time } = useFormats();
  const { data: mine } = usePreferencesQuery();
  const [update] = useUpdatePreferencesMutation();
  if (mine?.dnd) {
    const until = mine.dnd_until;
    const today = until !== null && new Date(until).toDateString() === new Date().toDateString();
    return (
      <>
        <Menu.Label>{until === null ? t('dndOn') : t('dndUntil', { when: today ? time(until) : `${day(until)} ${time(until)}` })}</Menu.Label>
        <Menu.Item leftSection={<BellOff size={16} aria-hidden="true" />} onClick={() => void update({ dnd: false }).then(report)}>
          {t('dndOff')}
        </Menu.Item>
      </>
    );
  }
  const choices = [
    ['dnd30', () => 30],
    ['dnd60', () => 60],
    ['dndTomorrow', () => minutesUntilMorning(new Date())],
    ['dndForever', () => 0],
  ] as const;
  return (
    <Menu.Sub>
      <Menu.Sub.Target>
        <Menu.Sub.Item leftSection={<BellOff size={16} aria-hidden="true" />}>{t('doNotDisturb')}</Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown>
        {choices.map(([words, minutes]) => (
          <Menu.Item key={words} onClick={() => void update({ dnd: true, dnd_minutes: minutes() }).then(report)}>
            {t(words)}
          </Menu.Item>
        ))}
      </Menu.Sub.Dropdown>
    </Menu.Sub>
  );
}

function Switches() {
  const { t } = useTranslation('sidebar');
  const report = useReport();
  const { data: mine } = usePreferencesQuery();
  const [update] = useUpdatePreferencesMutation();
  if (!mine) return null;
  return (
    <>
      <Menu.CheckboxItem checked={mine.sounds} onChange={(sounds) => void update({ sounds }).then(report)}>
        {t('sounds')}
      </Menu.CheckboxItem>
      <Menu.CheckboxItem checked={mine.read_receipts} onChange={(read_receipts) => void update({ read_receipts }).then(report)}>
        {t('readReceipts')}
      </Menu.CheckboxItem>
    </>
  );
}
