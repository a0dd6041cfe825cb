import { Button, SegmentedControl, Stack, TextInput, useMantineColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUpdateMeMutation } from '@/api/api';
import { asProblem } from '@/api/problem';
import { useMe } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import { UserAvatar } from '@/components/UserAvatar';
import { useTitle } from '@/components/useTitle';
import { type Language, languageNames, languages, setLanguage } from '@/i18n';
import { useProblemWords } from '@/i18n/problems';
import classes from './SettingsPage.module.css';

export function SettingsPage() {
  const { t } = useTranslation();
  useTitle(t('settings.title'));
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{t('settings.title')}</h1>
      <Section title={t('settings.profile')}>
        <ProfileForm />
      </Section>
      <Section title={t('settings.preferences')}>
        <Preferences />
      </Section>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <h2 id={id} className={classes.heading}>
        {title}
      </h2>
      {children}
    </section>
  );
}

function ProfileForm() {
  const { t } = useTranslation();
  const { field } = useProblemWords();
  const me = useMe();
  const [updateMe, { isLoading, error }] = useUpdateMeMutation();
  const [name, setName] = useState(me.name);
  const problem = error ? asProblem(error) : undefined;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { data } = await updateMe({ name: name.trim() });
    if (!data) return;
    setName(data.name);
    notifications.show({ message: t('settings.saved'), autoClose: 2500 });
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack>
        {problem && Object.keys(problem.errors).length === 0 && <ProblemNote problem={problem} />}
        <div className={classes.who}>
          <UserAvatar user={{ ...me, name: name.trim() || me.name }} size={56} />
          <div>
            <div className={classes.name}>{name.trim() || me.name}</div>
            <div className={classes.email}>{me.email}</div>
          </div>
        </div>
        <TextInput
          label={t('settings.name')}
          description={t('settings.nameHint')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={80}
          autoComplete="name"
          error={name.trim() === '' ? t('fields.empty') : field(problem, 'name')}
        />
        <Button
          type="submit"
          loading={isLoading}
          disabled={name.trim() === '' || name.trim() === me.name}
          style={{ alignSelf: 'flex-start' }}
        >
          {t('save')}
        </Button>
      </Stack>
    </form>
  );
}

function Preferences() {
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
