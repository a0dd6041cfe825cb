import { SegmentedControl, Stack, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useUpdateMeMutation } from '@/api/api';
import { asProblem } from '@/api/problem';
import { ProblemNote } from '@/components/ProblemNote';
import { type Language, languageNames, languages, setLanguage } from '@/i18n';
import classes from './SettingsPage.module.css';

export function Preferences() {
  const { t, i18n } = useTranslation();
  const [updateMe, { error }] = useUpdateMeMutation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Stack>
      <ProblemNote problem={error ? asProblem(error) : null} />
      <Choice label={t('language')}>
        <SegmentedControl
          aria-label={t('language')}
          value={i18n.language}
          onChange={(value) => {
            setLanguage(value as Language);
            void updateMe({ locale: value as Language });
          }}
          data={languages.map((value) => ({ value, label: languageNames[value] }))}
        />
      </Choice>
      <Choice label={t('theme')}>
        <SegmentedControl
          aria-label={t('theme')}
          value={colorScheme}
          onChange={(value) => setColorScheme(value as typeof colorScheme)}
          data={(['light', 'dark', 'auto'] as const).map((value) => ({ value, label: t(`themes.${value}`) }))}
        />
      </Choice>
    </Stack>
  );
}

function Choice({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.choice}>
      <span aria-hidden="true">{label}</span>
      {children}
    </div>
  );
}
