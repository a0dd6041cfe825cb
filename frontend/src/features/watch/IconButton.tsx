import { ActionIcon, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './watch.module.css';

interface IconButtonProps {
  label: string;
  onClick: () => void;
  children: ReactNode;
  /** A key that does the same. */
  shortcut?: string;
  /** For a button that switches something on and off. */
  pressed?: boolean;
  /** Phones have no room, or no use, for it; "widest": nor has the place beside an open panel. */
  wideOnly?: boolean | 'widest';
  disabled?: boolean;
}

export function IconButton({ label, onClick, children, shortcut, pressed, wideOnly, disabled = false }: IconButtonProps) {
  return (
    <Tooltip label={shortcut ? `${label} (${shortcut})` : label} position="bottom">
      <ActionIcon
        className={`${classes.icon} ${wideOnly ? classes.wideOnly : ''}`}
        data-widest={wideOnly === 'widest' || undefined}
        variant="subtle"
        color="gray"
        size={40}
        aria-label={label}
        aria-pressed={pressed}
        aria-keyshortcuts={shortcut}
        disabled={disabled}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
