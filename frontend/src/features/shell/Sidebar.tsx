import { Phone } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink } from 'react-router';
import { Logo } from '@/components/Logo';
import { ChannelList } from './ChannelList';
import { ConversationList } from './ConversationList';
import classes from './Sidebar.module.css';
import { UserMenu } from './UserMenu';

interface SidebarProps {
  /** The field that opens the search. */
  search: ReactNode;
  bell: ReactNode;
}

/** Everywhere one can go. */
export function Sidebar({ search, bell }: SidebarProps) {
  const { t } = useTranslation(['sidebar', 'common']);
  return (
    <div className={classes.sidebar}>
      <div className={classes.top}>
        <Link to="/" className={classes.brand} aria-label={t('common:goHome')}>
          <Logo size={30} />
        </Link>
        {bell}
      </div>
      {search}
      <nav className={classes.nav} aria-label={t('navigation')}>
        <ChannelList />
        <ConversationList />
        <ul className={classes.list}>
          <li className={classes.item}>
            <NavLink to="/calls" className={classes.link}>
              <Phone size={16} aria-hidden="true" className={classes.hash} />
              <span className={classes.name}>{t('calls')}</span>
            </NavLink>
          </li>
        </ul>
      </nav>
      <UserMenu />
    </div>
  );
}
