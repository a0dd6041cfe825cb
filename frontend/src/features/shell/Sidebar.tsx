import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Logo } from '@/components/Logo';
import { Navigation } from './Navigation';
import classes from './Sidebar.module.css';
import { UserMenu } from './UserMenu';

interface SidebarProps {
  /** The field that opens the search. */
  search: ReactNode;
  bell: ReactNode;
}

/** Everywhere one can go. */
export function Sidebar({ search, bell }: SidebarProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.sidebar}>
      <div className={classes.top}>
        <Link to="/" className={classes.brand} aria-label={t('goHome')}>
          <Logo size={30} />
        </Link>
        {bell}
      </div>
      {search}
      <Navigation />
      <UserMenu />
    </div>
  );
}
