import { createTheme, type CSSVariablesResolver, Modal, Menu, Button, TextInput, PasswordInput, Textarea, Tooltip, defaultVariantColorsResolver } from '@mantine/core';

/** Mantine in Lectern's clothes; the colours themselves are in tokens.css. */
export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  headings: { fontFamily: 'var(--font)', fontWeight: '650' },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  // Mantine picks the text of filled buttons for the light scheme only; in the dark one they are light themselves.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    const filled = input.variant === 'filled' && ['accent', 'red'].includes(input.color ?? 'accent');
    return filled ? { ...colors, color: 'var(--on-accent)' } : colors;
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  radius: { sm: '6px', md: '10px', lg: '16px' },
  fontSizes: { xs: '12px', sm: '14px', md: '15px', lg: '17px', xl: '20px' },
  colors: {
    accent: ['#eef7f3', '#dcede6', '#b5dacb', '#8ecbb5', '#6cc4a8', '#3f9d7d', '#28806a', '#1f6b59', '#185648', '#114237'],
    gray: ['#faf8f3', '#f3efe6', '#ebe5d9', '#e3dccd', '#cbc2af', '#a99f8b', '#827a69', '#5f594c', '#3f3a30', '#24211a'],
    dark: ['#ece8de', '#cfc9bb', '#aea797', '#7d7768', '#4d493e', '#36332b', '#2a2822', '#22201b', '#191814', '#141310'],
  },
  components: {
    Modal: Modal.extend({
      defaultProps: { centered: true, radius: 'lg', padding: 'lg', overlayProps: { backgroundOpacity: 0.45, blur: 2 } },
      styles: { title: { fontSize: 18, fontWeight: 650 } },
    }),
    Menu: Menu.extend({
      defaultProps: { shadow: 'md', position: 'bottom-end', radius: 'md' },
      styles: { dropdown: { maxHeight: 'calc(100dvh - 80px)', overflowY: 'auto' } },
    }),
    Button: Button.extend({ defaultProps: { fw: 600 } }),
    TextInput: TextInput.extend({ defaultProps: { withAsterisk: false } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { withAsterisk: false } }),
    Textarea: Textarea.extend({ defaultProps: { withAsterisk: false } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withArrow: false } }),
  },
});

const surfaces = {
  '--mantine-color-body': 'var(--card)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-soft)',
  '--mantine-color-placeholder': 'color-mix(in srgb, var(--ink-soft) 82%, transparent)',
  '--mantine-color-default': 'var(--card)',
  '--mantine-color-default-hover': 'var(--sunken)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--danger)',
  '--mantine-color-accent-light': 'var(--accent-soft)',
  '--mantine-color-accent-light-hover': 'color-mix(in srgb, var(--accent) 18%, var(--accent-soft))',
  '--mantine-color-accent-light-color': 'var(--accent-strong)',
  '--mantine-color-gray-light-color': 'var(--ink)',
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: surfaces, dark: surfaces });
