import { Button, Menu } from '@mantine/core';
import { Languages } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type Language, languageNames, languages, setLanguage } from '@/i18n';

/** Chooses the language of this device, for those who are not signed in. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  return (
    <Menu>
      <Menu.Target>
        <Button variant="subtle" color="gray" size="sm" leftSection={<Languages size={16} aria-hidden="true" />} aria-label={t('language')}>
          {languageNames[i18n.language as Language]}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {languages.map((language) => (
          <Menu.Item key={language} lang={language} onClick={() => setLanguage(language)} aria-current={i18n.language === language || undefined}>
            {languageNames[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
