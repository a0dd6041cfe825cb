import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Bell, BellOff, Ellipsis, Link2, MessagesSquare, SquarePen } from 'lucide-react';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, useLocation } from 'react-router';
import { useConversationsQuery, useUpdateConversationMutation } from '@/api/conversations';
import { asProblem } from '@/api/problem';
import type { Conversation } from '@/api/wire.gen';
import { useMe } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import { UserAvatar } from '@/components/UserAvatar';
import { useNameOf } from '@/components/useNameOf';
import { useReport } from '@/components/useReport';
import { NewMessageDialog } from './NewMessageDialog';
import { Section } from './Section';
import classes from './Sidebar.module.css';
import { UnreadMark } from './UnreadMark';
import { byActivity, isUnreadConversation } from './sections';

/** How many are shown here; the unread ones always are, and the page of conversations has them all. */
const FIRST = 12;
const touch = window.matchMedia('(hover: none)').matches;

/** One's conversations, where something was said last on top. */
export function ConversationList() {
  const { t } = useTranslation('sidebar');
  const { pathname } = useLocation();
  const { data: conversations, error, refetch } = useConversationsQuery();
  const [writing, write] = useDisclosure(false);
  const sorted = byActivity(conversations ?? []);
  const cannotWait = (one: Conversation) => isUnreadConversation(one) || pathname === `/conversations/${one.id}`;
  const shown = (open: boolean) => (sorted.filter((one, at) => (open && at < FIRST) || cannotWait(one)));

  return (
    <Section
      name="conversations"
      title={t('conversations')}
      action={
        <span className={classes.actions}>
          <Tooltip label={t('allMessages')}>
            <ActionIcon component={Link} to="/conversations" variant="subtle" color="gray" aria-label={t('allMessages')}>
              <MessagesSquare size={16} aria-hidden="true" />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t('newMessage')}>
            <ActionIcon variant="subtle" color="gray" onClick={write.open} aria-label={t('newMessage')}>
              <SquarePen size={16} aria-hidden="true" />
            </ActionIcon>
          </Tooltip>
        </span>
      }
    >
      {(open) => (
        <>
          {error && !conversations && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
          {open && conversations?.length === 0 && <p className={classes.none}>{t('noConversations')}</p>}
          <ul className={classes.list}>
            {shown(open).map((conversation) => (
              <ConversationItem key={conversation.id} conversation={conversation} />
            ))}
          </ul>
          {open && shown(true).length < sorted.length && (
            <NavLink to="/conversations" end className={classes.showAll}>
              {t('allMessages')}
            </NavLink>
          )}
          <NewMessageDialog opened={writing} onClose={write.close} />
        </>
      )}
    </Section>
  );
}

function ConversationItem({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation(['sidebar', 'common']);
  const me = useMe();
  const nameOf = useNameOf();
  const report = useReport();
  const [update] = useUpdateConversationMutation();
  const [armed, setArmed] = useState(touch);
  const { id, peer, muted } = conversation;
  const unread = isUnreadConversation(conversation);
  const name = nameOf(peer);
  const Mute = muted ? Bell : BellOff;
  const copyLink = async () => {
    await navigator.clipboard.writeText(`${location.origin}/conversations/${id}`);
    notifications.show({ message: t('linkCopied'), autoClose: 2500 });
  };
  return (
    <li className={classes.item} onMouseEnter={() => setArmed(true)} onFocus={() => setArmed(true)}>
      <NavLink to={`/conversations/${id}`} className={classes.link} data-unread={unread || undefined} data-muted={muted || undefined} title={name}>
        <UserAvatar user={peer} size={24} presence={peer.presence} />
        <span className={classes.name}>
          {name} {peer.id === me.id && <span className={classes.you}>({t('common:you')})</span>}
        </span>
        {muted && <BellOff size={13} aria-label={t('muted')} className={classes.mutedIcon} />}
        <UnreadMark count={unread ? conversation.unread_count : 0} unread={conversation.unread_count} label={t('unread', { count: conversation.unread_count })} />
      </NavLink>
      {armed && (
        <Menu position="bottom-start">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={26} className={classes.more} aria-label={t('menuOf', { name })}>
              <Ellipsis size={16} aria-hidden="true" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Mute size={16} aria-hidden="true" />} onClick={() => void update({ id, muted: !muted }).then(report)}>
              {t(muted ? 'unmute' : 'mute')}
            </Menu.Item>
            <Menu.Item leftSection={<Link2 size={16} aria-hidden="true" />} onClick={() => void copyLink()}>
              {t('copyLink')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}
