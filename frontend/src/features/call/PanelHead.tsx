import { CloseButton } from '@mantine/core';
import classes from './panel.module.css';

/** The heading of what stands beside the pictures. */
export function PanelHead({ title, closeLabel, onClose }: { title: string; closeLabel: string; onClose: () => void }) {
  return (
    <header className={classes.head}>
      <h3>{title}</h3>
      <CloseButton aria-label={closeLabel} onClick={onClose} />
    </header>
  );
}
