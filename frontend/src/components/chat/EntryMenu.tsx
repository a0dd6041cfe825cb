import { ActionIcon, Menu } from '@mantine/core';
import { Copy, Ellipsis, Link2, Pencil, Pin, PinOff, Reply, Trash2 } from 'lucide-react';
import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import { useFirstPress } from '../useFirstPress';

interface EntryMenuProps {
  onEdit: (() => void) | null;
  onDelete: (() => void) | null;
  onReply?: () => void;
  onCopyText?: (() => void) | null;
  onCopyLink?: () => void;
  pin?: { pinned: boolean; toggle: () => void } | null;
}

/** What one may do with an entry; what one may not is not there. */
export function EntryMenu({ onEdit, onDelete, onReply, onCopyText, onCopyLink, pin }: EntryMenuProps) {
  const { t } = useTranslation('chat');
  const { made, opened, setOpened, onPress, target } = useFirstPress();
  if (!onEdit && !onDelete && !onReply && !onCopyText && !onCopyLink && !pin) return null;
  if (!made) return <MoreButton onClick={onPress} aria-haspopup="menu" aria-expanded={false} />;
  return (
    <Menu opened={opened} onChange={setOpened}>
      <Menu.Target>
        <MoreButton ref={target} />
      </Menu.Target>
      <Menu.Dropdown>
        {onReply && (
          <Menu.Item leftSection={<Reply size={16} aria-hidden="true" />} onClick={onReply}>
            {t('entry.reply')}
          </Menu.Item>
        )}
        {onCopyText && (
          <Menu.Item leftSection={<Copy size={16} aria-hidden="true" />} onClick={onCopyText}>
            {t('entry.copyText')}
          </Menu.Item>
        )}
        {onCopyLink && (
          <Menu.Item leftSection={<Link2 size={16} aria-hidden="true" />} onClick={onCopyLink}>
            {t('entry.copyLink')}
          </Menu.Item>
        )}
        {pin && (
          <Menu.Item leftSection={pin.pinned ? <PinOff size={16} aria-hidden="true" /> : <Pin size={16} aria-hidden="true" />} onClick={pin.toggle}>
            {t(pin.pinned ? 'entry.unpin' : 'entry.pin')}
          </Menu.Item>
        )}
        {onEdit && (
          <Menu.Item leftSection={<Pencil size={16} aria-hidden="true" />} onClick={onEdit}>
            {t('entry.edit')}
          </Menu.Item>
        )}
        {onDelete && (
          <Menu.Item color="red" leftSection={<Trash2 size={16} aria-hidden="true" />} onClick={onDelete}>
            {t('entry.delete')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function MoreButton(props: ComponentProps<typeof ActionIcon<'button'>>) {
  const { t } = useTranslation('chat');
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={t('entry.more')} {...props}>
      <Ellipsis size={17} aria-hidden="true" />
    </ActionIcon>
  );
}
