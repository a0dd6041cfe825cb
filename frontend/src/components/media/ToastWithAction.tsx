import { Button, type ButtonProps } from '@mantine/core';
import classes from './controls.module.css';

interface ToastWithActionProps extends Pick<ButtonProps, 'variant'> {
  text: string;
  action: string;
  onAction: () => void;
}

/** The message of a toast that offers one thing to do about it. */
export function ToastWithAction({ text, action, onAction, variant }: ToastWithActionProps) {
  return (
    <span className={classes.toast}>
      {text}
      <Button size="compact-sm" variant={variant} onClick={onAction}>
        {action}
      </Button>
    </span>
  );
}
