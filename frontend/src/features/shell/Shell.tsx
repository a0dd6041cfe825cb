import { ActionIcon, Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Menu as MenuIcon } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { useChannelsQuery } from '@/api/api';
import { Logo } from '@/components/Logo';
import { ConnectionBanner } from './ConnectionBanner';
import classes from './Shell.module.css';
import { Sidebar } from './Sidebar';

/** The frame of the signed-in app: navigation beside the page, or behind a button on a phone. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const [opened, { open, close }] = useDisclosure(false);
  const { data: channels } = useChannelsQuery();
  const unread = (channels ?? []).some((channel) => channel.unread_count > 0);

  useEffect(close, [pathname, close]);

  return (
    <div className={classes.shell}>
      <a className="skip-link" href="#main">
        {t('skipToContent')}
      </a>
      <div className={classes.side}>
        <Sidebar />
      </div>
      <Drawer
        opened={opened}
        onClose={close}
        size={300}
        padding={0}
        withCloseButton={false}
        classNames={{ body: classes.drawerBody, content: classes.drawerContent }}
        attributes={{ content: { 'aria-label': t('menu') } }}
      >
        <Sidebar />
      </Drawer>
      <header className={classes.topbar}>
        <ActionIcon variant="subtle" color="gray" size="lg" onClick={open} aria-label={t('shell.openNavigation')} aria-expanded={opened}>
          <MenuIcon size={22} aria-hidden="true" />
          {unread && <span className={classes.dot} />}
        </ActionIcon>
        <Logo size={26} />
      </header>
      <div className={classes.column}>
        <ConnectionBanner />
        <main id="main" tabIndex={-1} className={classes.main}>
          {children}
        </main>
      </div>
    </div>
  );
}
