import { Tooltip, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './controls.module.css';

interface ControlButtonProps {
  label: string;
  icon: ReactNode;
  onClick: () => void;
  /** The thing is switched off, and that is worth seeing. */
  off?: boolean;
  /** Something is going on because of this button. */
  active?: boolean;
  busy?: boolean;
  tone?: 'danger' | 'quiet-danger';
  /** A key that does the same. */
  shortcut?: string;
  /** For a button that shows and hides a panel. */
  expanded?: boolean;
  /** Shows the label beside the icon. */
  wide?: boolean;
  badge?: number;
  /** The badge counts what is new. */
  news?: boolean;
}

export function ControlButton({ label, icon, onClick, off, active, busy, tone, shortcut, expanded, wide, badge, news }: ControlButtonProps) {
  return (
    <Tooltip label={shortcut ? `${label} (${shortcut})` : label} disabled={wide === true && !shortcut} zIndex={380}>
      <UnstyledButton
        className={classes.button}
        aria-label={label}
        aria-busy={busy || undefined}
        aria-expanded={expanded}
        aria-keyshortcuts={shortcut}
        data-off={off || undefined}
        data-active={active || expanded || undefined}
        data-tone={tone}
        data-wide={wide || undefined}
        onClick={onClick}
      >
        {icon}
        {wide && <span aria-hidden>{label}</span>}
        {badge ? <span className={classes.badge} data-news={news || undefined}>{badge}</span> : null}
      </UnstyledButton>
    </Tooltip>
  );
}
