import { PasswordInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface FieldProps {
  error: string | undefined;
  autoFocus?: boolean;
}

export function EmailField(props: FieldProps) {
  const { t } = useTranslation('auth');
  return <TextInput size="md" name="email" type="email" label={t('email')} autoComplete="email" required {...props} />;
}

/** `fresh` is one that is being chosen, with what is asked of it. */
export function PasswordField({ fresh = false, label, ...props }: FieldProps & { fresh?: boolean; label?: string }) {
  const { t } = useTranslation('auth');
  return (
    <PasswordInput
      size="md"
      name="password"
      label={label ?? t('password')}
      description={fresh && t('passwordHint')}
      autoComplete={fresh ? 'new-password' : 'current-password'}
      maxLength={256}
      required
      visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
      {...props}
    />
  );
}
