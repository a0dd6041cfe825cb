import { ActionIcon, Drawer } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { Menu as MenuIcon } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { useChannelsQuery } from '@/api/channels';
import { useConversationsQuery } from '@/api/conversations';
import { Logo } from '@/components/Logo';
import { ConnectionBanner } from './ConnectionBanner';
import classes from './Shell.module.css';
import { Sidebar } from './Sidebar';
import { isUnread, isUnreadConversation } from './sections';
import { useSideKeys } from './useSideKeys';

/** Where there is no room for navigation beside the page. */
const NARROW = '(max-width: 820px)';

interface ShellProps {
  /** The way to search, as a field in the side bar and as an icon where that is hidden. */
  search: (look: 'field' | 'icon') => ReactNode;
  bell: ReactNode;
  children: ReactNode;
}

/** The frame of the signed-in app: navigation beside the page, or behind a button on a phone. */
export function Shell({ search, bell, children }: ShellProps) {
  const { t } = useTranslation(['common', 'sidebar']);
  const { pathname } = useLocation();
  const narrow = useMediaQuery(NARROW, window.matchMedia(NARROW).matches, { getInitialValueInEffect: false });
  const [opened, { open, close }] = useDisclosure(false);
  const { data: channels = [] } = useChannelsQuery();
  const { data: conversations = [] } = useConversationsQuery();
  const unread = channels.some(isUnread) || conversations.some(isUnreadConversation);
  useSideKeys();
  useEffect(close, [pathname, close]);

  return (
    <div className={classes.shell}>
      <a className="skip-link" href="#main">
        {t('skipToContent')}
      </a>
      {narrow ? (
        <>
          <Drawer
            opened={opened}
            onClose={close}
            size={312}
            padding={0}
            withCloseButton={false}
            classNames={{ body: classes.drawerBody, content: classes.drawerContent }}
            attributes={{ content: { 'aria-label': t('menu') } }}
          >
            <Sidebar search={search('field')} bell={null} />
          </Drawer>
          <header className={classes.topbar}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={44}
              onClick={open}
              aria-label={unread ? t('sidebar:unreadElsewhere') : t('shell.openNavigation')}
              aria-expanded={opened}
            >
              <MenuIcon size={22} aria-hidden="true" />
              {unread && <span className={classes.dot} />}
            </ActionIcon>
            <span className={classes.brand}>
              <Logo size={26} />
            </span>
            {search('icon')}
            {bell}
          </header>
        </>
      ) : (
        <div className={classes.side}>
          <Sidebar search={search('field')} bell={bell} />
        </div>
      )}
      <div className={classes.column}>
        <ConnectionBanner />
        <main id="main" tabIndex={-1} className={classes.main}>
          {children}
        </main>
      </div>
    </div>
  );
}
