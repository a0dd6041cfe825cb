import { useTranslation } from 'react-i18next';
import { useTitle } from '@/components/useTitle';
import { Devices } from './Devices';
import { NotificationSettings } from './NotificationSettings';
import { Password } from './Password';
import { Preferences } from './Preferences';
import { Profile } from './Profile';
import { Section } from './Section';
import classes from './SettingsPage.module.css';
import { YourData } from './YourData';

export function SettingsPage() {
  const { t } = useTranslation('settings');
  useTitle(t('title'));
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{t('title')}</h1>
      <Section title={t('profile')}>
        <Profile />
      </Section>
      <Section title={t('preferences')}>
        <Preferences />
      </Section>
      <Section title={t('notifications.title')} id="notifications">
        <NotificationSettings />
      </Section>
      <Section title={t('password.title')}>
        <Password />
      </Section>
      <Section title={t('devices.title')}>
        <Devices />
      </Section>
      <Section title={t('data.title')}>
        <YourData />
      </Section>
    </div>
  );
}
