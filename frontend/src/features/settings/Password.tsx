import { Button, PasswordInput, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChangePasswordMutation } from '@/api/account';
import { asProblem } from '@/api/problem';
import { useMe } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import { useProblemWords } from '@/i18n/problems';
import classes from './SettingsPage.module.css';

export function Password() {
  const { t } = useTranslation('settings');
  const { field } = useProblemWords();
  const me = useMe();
  const [change, { isLoading, error }] = useChangePasswordMutation();
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const problem = error ? asProblem(error) : undefined;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const result = await change({ current_password: current, password: fresh });
    if (result.error) return;
    setCurrent('');
    setFresh('');
    notifications.show({ message: t('password.done') });
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack>
        {problem && Object.keys(problem.errors).length === 0 && <ProblemNote problem={problem} />}
        {/* Password managers want to know whose password this is. */}
        <input type="email" value={me.email} autoComplete="username" readOnly hidden />
        <PasswordInput
          label={t('password.current')}
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
          autoComplete="current-password"
          maxLength={256}
          error={field(problem, 'current_password')}
          visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
        />
        <PasswordInput
          label={t('password.fresh')}
          description={t('password.hint')}
          value={fresh}
          onChange={(event) => setFresh(event.currentTarget.value)}
          autoComplete="new-password"
          maxLength={256}
          error={field(problem, 'password')}
          visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
        />
        <Button type="submit" loading={isLoading} disabled={current === '' || fresh === ''} className={classes.submit}>
          {t('password.submit')}
        </Button>
      </Stack>
    </form>
  );
}
