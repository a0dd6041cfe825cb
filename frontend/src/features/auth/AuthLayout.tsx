import { type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LanguageSwitch } from '@/components/LanguageSwitch';
import { Logo, LogoMark } from '@/components/Logo';
import { useTitle } from '@/components/useTitle';
import classes from './AuthLayout.module.css';

/** The page of someone who is not in yet: what this is on one side, the form on the other. */
export function AuthLayout({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation('auth');
  useTitle(title);
  return (
    <div className={classes.page}>
      <aside className={classes.pitch} aria-hidden="true">
        <span className={classes.ruled} />
        <div className={classes.words}>
          <LogoMark size={56} />
          <p className={classes.headline}>{t('pitch')}</p>
          <p className={classes.text}>{t('pitchText')}</p>
        </div>
      </aside>
      <main className={classes.main}>
        <header className={classes.header}>
          <Logo size={34} />
          <LanguageSwitch />
        </header>
        <div className={classes.form}>
          <h1 className={classes.title}>{title}</h1>
          {children}
        </div>
      </main>
    </div>
  );
}
