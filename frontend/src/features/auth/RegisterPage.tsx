import { Button, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { useServerQuery } from '@/api/account';
import type { Problem } from '@/api/problem';
import { signIn } from '@/api/session';
import { useAppDispatch } from '@/components/hooks';
import { inviteCode } from '@/components/inviteCode';
import { ProblemNote } from '@/components/ProblemNote';
import type { Language } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { AuthLayout } from './AuthLayout';
import classes from './AuthLayout.module.css';
import { EmailField, PasswordField } from './fields';
import { InvitedNote } from './InvitedNote';
import { useAuthForm } from './useAuthForm';

export function RegisterPage() {
  const { t, i18n } = useTranslation('auth');
  const { search } = useLocation();
  const dispatch = useAppDispatch();
  const { list } = useFormats();
  const { data: server } = useServerQuery();
  // The first account administers the server, and whatever the policy is does not concern it.
  const first = server?.first_account === true;
  const byInvite = server?.sign_up === 'invite' && !first;
  // Whoever comes from an invite's link brings its code along.
  const next = new URLSearchParams(search).get('next');
  const brought = (next?.startsWith('/join/') && inviteCode(next)) || '';
  const { busy, problem, fieldError, onSubmit } = useAuthForm({
    optional: ['code'],
    send: ({ name = '', email = '', password = '', code = '' }) => {
      const invite = inviteCode(code) ?? (code.trim() || brought);
      const register = { name, email, password, locale: i18n.language as Language, ...(invite && { invite_code: invite }) };
      return dispatch(signIn({ register })) as Promise<Problem | null>;
    },
  });
  return (
    <AuthLayout title={t('register.title')}>
      <InvitedNote />
      {first && <p className={classes.note}>{t('register.firstAccount')}</p>}
      {byInvite && !brought && <p className={classes.note}>{t('register.byInvite')}</p>}
      {server?.domains && !first && <p className={classes.note}>{t('register.byDomain', { domains: list(server.domains) })}</p>}
      <ProblemNote problem={problem} />
      <form onSubmit={onSubmit} noValidate className={classes.fields}>
        {byInvite && (
          <TextInput
            size="md"
            name="code"
            label={t('register.code')}
            defaultValue={brought}
            autoComplete="off"
            spellCheck={false}
            error={fieldError('invite_code')}
          />
        )}
        <TextInput
          size="md"
          name="name"
          label={t('name')}
          description={t('nameHint')}
          autoComplete="name"
          maxLength={80}
          required
          error={fieldError('name')}
          autoFocus
        />
        <EmailField error={fieldError('email')} />
        <PasswordField fresh error={fieldError('password')} />
        <Button type="submit" size="md" mt="xs" loading={busy}>
          {t('register.submit')}
        </Button>
      </form>
      <p className={classes.swap}>
        {t('register.haveAccount')} <Link to={`/login${search}`}>{t('register.signIn')}</Link>
      </p>
    </AuthLayout>
  );
}
