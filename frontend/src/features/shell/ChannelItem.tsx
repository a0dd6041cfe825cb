import { useSortable } from '@dnd-kit/sortable';
import { ActionIcon, Menu } from '@mantine/core';
import { BellOff, Ellipsis, GripVertical, Hash, LogOut } from 'lucide-react';
import { type DOMAttributes, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import type { Channel } from '@/api/wire.gen';
import { ChannelMenuItems } from '@/components/ChannelMenuItems';
import { LiveDot } from '@/components/LiveDot';
import classes from './Sidebar.module.css';
import { UnreadMark } from './UnreadMark';
import { isUnread } from './sections';

/** Whether there is no pointer that can rest on a row: then its controls are always there. */
const touch = window.matchMedia('(hover: none)').matches;

/** A channel in the side bar. Its handle and menu come when the row is pointed at or reached by keyboard. */
export function ChannelItem({ channel, onLeave }: { channel: Channel; onLeave: (channel: Channel) => void }) {
  const { t } = useTranslation('sidebar');
  const [armed, setArmed] = useState(touch);
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id: channel.id });
  const { onMouseDown, onTouchStart }: Pick<DOMAttributes<HTMLElement>, 'onMouseDown' | 'onTouchStart'> = listeners ?? {};
  const arm = () => setArmed(true);
  const unread = isUnread(channel);
  return (
    <li
      ref={setNodeRef}
      className={classes.item}
      data-dragging={isDragging || undefined}
      style={{ transform: transform ? `translateY(${transform.y}px)` : undefined, transition }}
      onMouseEnter={arm}
      onFocus={arm}
    >
      <NavLink
        to={`/channels/${channel.id}`}
        className={classes.link}
        data-unread={unread || undefined}
        data-muted={channel.level === 'none' || undefined}
        title={channel.name}
        draggable={false}
        onMouseDown={onMouseDown}
        onTouchStart={onTouchStart}
      >
        <Hash size={16} aria-hidden="true" className={classes.hash} />
        <span className={classes.name}>{channel.name}</span>
        {channel.active_meeting && <LiveDot label={t('live')} />}
        {channel.level === 'none' && <BellOff size={13} aria-label={t('muted')} className={classes.mutedIcon} />}
        <UnreadMark count={channel.mention_count} unread={unread ? channel.unread_count : 0} label={t('mentions', { count: channel.mention_count })} />
      </NavLink>
      {armed && (
        <>
          <button ref={setActivatorNodeRef} type="button" className={classes.grip} {...attributes} {...listeners} aria-label={t('move', { name: channel.name })}>
            <GripVertical size={15} aria-hidden="true" />
          </button>
          <Menu position="bottom-start" width={228}>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" size={26} className={classes.more} aria-label={t('menuOf', { name: channel.name })}>
                <Ellipsis size={16} aria-hidden="true" />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <ChannelMenuItems channel={channel} />
              {channel.my_role !== 'owner' && (
                <>
                  <Menu.Divider />
                  <Menu.Item leftSection={<LogOut size={16} aria-hidden="true" />} onClick={() => onLeave(channel)}>
                    {t('leave')}
                  </Menu.Item>
                </>
              )}
            </Menu.Dropdown>
          </Menu>
        </>
      )}
    </li>
  );
}
