import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useParams } from 'react-router';
import { useTitle } from '@/components/useTitle';
import classes from './AdminPage.module.css';
import { AuditTab } from './AuditTab';
import { ChannelsTab } from './ChannelsTab';
import { PeopleTab } from './PeopleTab';
import { ServerTab } from './ServerTab';
import { StorageTab } from './StorageTab';

const tabs = { people: PeopleTab, channels: ChannelsTab, storage: StorageTab, log: AuditTab, server: ServerTab };
type Tab = keyof typeof tabs;

/** Running the installation: accounts, what they take, what happened and how the server does. Opens nobody's classroom. */
export function AdminPage() {
  const { t } = useTranslation('admin');
  const { tab } = useParams();
  const shown: Tab = tab !== undefined && Object.hasOwn(tabs, tab) ? (tab as Tab) : 'people';
  const Content = tabs[shown];
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    bar.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [shown]);
  useTitle(`${t(`tabs.${shown}`)} · ${t('title')}`);
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{t('title')}</h1>
      <nav ref={bar} className={classes.tabs} aria-label={t('title')}>
        {(Object.keys(tabs) as Tab[]).map((name) => (
          <NavLink key={name} to={name === 'people' ? '/admin' : `/admin/${name}`} end className={classes.tab}>
            {t(`tabs.${name}`)}
          </NavLink>
        ))}
      </nav>
      <Content />
    </div>
  );
}
