import classes from './LiveDot.module.css';

/** A lesson goes on here. */
export function LiveDot({ label }: { label: string }) {
  return (
    <span className={classes.dot} title={label}>
      <span className="visually-hidden">{label}</span>
    </span>
  );
}
