import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useLocation } from 'react-router';
import classes from './SettingsPage.module.css';

interface SectionProps {
  title: string;
  /** Lets an address lead here. */
  id?: string;
  children: ReactNode;
}

export function Section({ title, id, children }: SectionProps) {
  const heading = useId();
  const section = useRef<HTMLElement>(null);
  const { hash } = useLocation();
  useEffect(() => {
    if (id && hash === `#${id}`) section.current?.scrollIntoView();
  }, [id, hash]);
  return (
    <section ref={section} id={id} className={classes.section} aria-labelledby={heading}>
      <h2 id={heading} className={classes.heading}>
        {title}
      </h2>
      {children}
    </section>
  );
}
