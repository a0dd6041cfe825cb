import { Tooltip, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './tile.module.css';

interface PictureButtonProps {
  label: string;
  icon: ReactNode;
  pressed?: boolean;
  onClick: () => void;
}

/** A small round button on a picture. */
export function PictureButton({ label, icon, pressed, onClick }: PictureButtonProps) {
  return (
    <Tooltip label={label}>
      <UnstyledButton className={classes.action} aria-label={label} aria-pressed={pressed} onClick={onClick}>
        {icon}
      </UnstyledButton>
    </Tooltip>
  );
}
