import classes from './Logo.module.css';

/** The mark: an open book on a lectern, with the speaker's point above it. */
export function LogoMark({ size = 28 }: { size?: number }) {
  return (
    <svg className={classes.mark} width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
      <rect width="64" height="64" rx="15" />
      <g fill="none" strokeWidth="4.5" strokeLinecap="round" strokeLinejoin="round">
        <path d="M32 26.5C27.6 22 20.6 20 12.5 20v14.5c8.1 0 15.1 2 19.5 6.5 4.4-4.5 11.4-6.5 19.5-6.5V20c-8.1 0-15.1 2-19.5 6.5Z" />
        <path d="M32 26.5V53M22.5 53h19" />
      </g>
      <circle cx="32" cy="13" r="3.6" />
    </svg>
  );
}

export function Logo({ size = 28 }: { size?: number }) {
  return (
    <span className={classes.logo} style={{ fontSize: size * 0.72 }}>
      <LogoMark size={size} />
      <span translate="no">Lectern</span>
    </span>
  );
}
