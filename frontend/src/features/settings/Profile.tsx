import { Button, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { BadgeCheck } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useServerQuery } from '@/api/account';
import { useUpdateMeMutation } from '@/api/api';
import { asProblem } from '@/api/problem';
import { useMe } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import { ResendVerification } from '@/components/Verification';
import { useProblemWords } from '@/i18n/problems';
import { Photo } from './Photo';
import classes from './SettingsPage.module.css';

export function Profile() {
  const { t } = useTranslation(['settings', 'common']);
  const { field } = useProblemWords();
  const me = useMe();
  const [updateMe, { isLoading, error }] = useUpdateMeMutation();
  const [name, setName] = useState(me.name);
  const [number, setNumber] = useState(me.student_number);
  const problem = error ? asProblem(error) : undefined;
  const changed = name.trim() !== me.name || number.trim() !== me.student_number;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { data } = await updateMe({ name: name.trim(), student_number: number.trim() });
    if (!data) return;
    setName(data.name);
    setNumber(data.student_number);
    notifications.show({ message: t('saved'), autoClose: 2500 });
  };

  return (
    <Stack>
      <Photo name={name.trim() || me.name}>
        <div className={classes.name}>{name.trim() || me.name}</div>
        <EmailLine />
      </Photo>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          {problem && Object.keys(problem.errors).length === 0 && <ProblemNote problem={problem} />}
          <TextInput
            label={t('name')}
            description={t('nameHint')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={80}
            autoComplete="name"
            error={name.trim() === '' ? t('common:fields.empty') : field(problem, 'name')}
          />
          <TextInput
            label={t('studentNumber')}
            description={t('studentNumberHint')}
            value={number}
            onChange={(event) => setNumber(event.currentTarget.value)}
            maxLength={32}
            autoComplete="off"
            error={field(problem, 'student_number')}
          />
          <Button type="submit" loading={isLoading} disabled={name.trim() === '' || !changed} className={classes.submit}>
            {t('common:save')}
          </Button>
        </Stack>
      </form>
      <Unverified />
    </Stack>
  );
}

function EmailLine() {
  const { t } = useTranslation('settings');
  const me = useMe();
  const { data: server } = useServerQuery();
  return (
    <div className={classes.email}>
      {me.email}
      {server?.email_verification && (
        <span className={classes.state} data-good={me.email_verified || undefined}>
          {me.email_verified && <BadgeCheck size={15} aria-hidden="true" />}
          {me.email_verified ? t('email.verified') : t('email.unverified')}
        </span>
      )}
    </div>
  );
}

function Unverified() {
  const { t } = useTranslation('settings');
  const me = useMe();
  const { data: server } = useServerQuery();
  if (me.email_verified || !server?.email_verification) return null;
  return (
    <div className={classes.verify}>
      <span>{t('email.text', { email: me.email })}</span>
      <ResendVerification />
    </div>
  );
}
