import { useLocalStorage } from '@mantine/hooks';
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import classes from './Sidebar.module.css';

interface SectionProps {
  /** Names the section in this device's memory of what is folded away. */
  name: string;
  title: string;
  /** Folded away until it is opened for the first time. */
  folded?: boolean;
  action?: ReactNode;
  /** The rows; `open` is false while only those that cannot wait are shown. */
  children: (open: boolean) => ReactNode;
}

/** A part of the side bar under a heading that folds it away. */
export function Section({ name, title, folded = false, action, children }: SectionProps) {
  const id = useId();
  const [open, setOpen] = useLocalStorage({ key: `lectern.side.${name}`, defaultValue: !folded, getInitialValueInEffect: false });
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div className={classes.heading}>
        <h2 id={id}>
          <button type="button" className={classes.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
            {title}
            <ChevronRight size={14} aria-hidden="true" className={classes.chevron} />
          </button>
        </h2>
        {action}
      </div>
      {children(open)}
    </section>
  );
}
