import { ArrowDown, ArrowUp, Phone } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useLocation } from 'react-router';
import { useChannelsQuery } from '@/api/channels';
import { useConversationsQuery } from '@/api/conversations';
import { ChannelList } from './ChannelList';
import { ConversationList } from './ConversationList';
import classes from './Sidebar.module.css';
import { useUnreadOutside } from './useUnreadOutside';

/** Channels, conversations and calls; says when something unread is beyond its edges. */
export function Navigation() {
  const { t } = useTranslation('sidebar');
  const { pathname } = useLocation();
  const scroller = useRef<HTMLElement>(null);
  const { data: channels } = useChannelsQuery();
  const { data: conversations } = useConversationsQuery();
  const { above, below } = useUnreadOutside(scroller, [channels, conversations].map((list) => list?.map((one) => `${one.id}${one.unread_count}`).join()).join());
  useEffect(() => {
    scroller.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest' });
  }, [pathname]);
  const show = (row: Element) => row.scrollIntoView({ block: 'center', behavior: 'smooth' });
  return (
    <div className={classes.navFrame}>
      {above && (
        <button type="button" className={classes.outside} data-at="top" onClick={() => show(above)}>
          <ArrowUp size={14} aria-hidden="true" />
          {t('moreUnread')}
        </button>
      )}
      <nav ref={scroller} className={classes.nav} aria-label={t('navigation')}>
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
      {below && (
        <button type="button" className={classes.outside} data-at="bottom" onClick={() => show(below)}>
          <ArrowDown size={14} aria-hidden="true" />
          {t('moreUnread')}
        </button>
      )}
    </div>
  );
}
