import { useEffect } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useChannelsQuery } from '@/api/channels';
import { useConversationsQuery } from '@/api/conversations';
import { byActivity, channelSections, isUnread, isUnreadConversation, type Place, stepFrom } from './sections';

/** Alt with the arrows goes to the next place up or down in the side bar; with Shift to the next one that is unread. */
export function useSideKeys(): void {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { data: channels } = useChannelsQuery();
  const { data: conversations } = useConversationsQuery();

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
      if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
      const { favourites, others } = channelSections(channels ?? []);
      const places: Place[] = [
        ...[...favourites, ...others].map((one) => ({ path: `/channels/${one.id}`, unread: isUnread(one) })),
        ...byActivity(conversations ?? []).map((one) => ({ path: `/conversations/${one.id}`, unread: isUnreadConversation(one) })),
      ];
      const here = pathname.split('/').slice(0, 3).join('/'); // a channel's tabs are one place
      const next = stepFrom(places, here, event.key === 'ArrowDown' ? 1 : -1, event.shiftKey);
      event.preventDefault();
      if (next !== null) void navigate(next);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [channels, conversations, pathname, navigate]);
}
