import { ActionIcon, Loader, Popover } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';

const EmojiPicker = lazy(() => import('./EmojiPicker'));

interface EmojiButtonProps {
  icon: LucideIcon;
  label: string;
  onPick: (emoji: string) => void;
  size?: number;
}

/** Opens the emoji; one press picks one and closes them. */
export function EmojiButton({ icon: Icon, label, onPick, size = 32 }: EmojiButtonProps) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="top-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size={size} onClick={() => setOpened(!opened)} aria-label={label} title={label}>
          <Icon size={size > 30 ? 18 : 16} aria-hidden="true" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={10} aria-label={label}>
        <Suspense fallback={<Loader size="sm" />}>
          <EmojiPicker
            onPick={(emoji) => {
              setOpened(false);
              onPick(emoji);
            }}
          />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
