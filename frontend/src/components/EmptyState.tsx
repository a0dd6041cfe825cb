import type { ReactNode } from 'react';
import classes from './EmptyState.module.css';

interface EmptyStateProps {
  title: string;
  text?: string;
  icon?: ReactNode;
  /** What the person can do about it. */
  children?: ReactNode;
  /** Level of the heading; pages use 1. */
  level?: 1 | 2;
}

/** Nothing to show, said kindly and with a way on. */
export function EmptyState({ title, text, icon, children, level = 2 }: EmptyStateProps) {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <div className={classes.empty}>
      {icon && <div className={classes.icon}>{icon}</div>}
      <Heading className={classes.title}>{title}</Heading>
      {text && <p className={classes.text}>{text}</p>}
      {children && <div className={classes.actions}>{children}</div>}
    </div>
  );
}
