import { type MouseEvent, type RefObject, useEffect, useRef, useState } from 'react';

interface FirstPress {
  /** Whether what the button opens has been asked for at all: until then the button stands alone. */
  made: boolean;
  opened: boolean;
  setOpened: (opened: boolean) => void;
  /** For the button that stands alone. */
  onPress: (event: MouseEvent<HTMLElement>) => void;
  /** For the button that takes its place. */
  target: RefObject<HTMLButtonElement | null>;
}

/**
 * For a menu, a card or a picker that is made at the first press of its button. A long list has hundreds of them, and making
 * them all is most of what a page of it costs; hardly any is ever opened.
 */
export function useFirstPress(): FirstPress {
  const [made, setMade] = useState(false);
  const [opened, setOpened] = useState(false);
  const target = useRef<HTMLButtonElement>(null);
  const focused = useRef(false);

  // It opens only now: what it opens gives the focus back to where it was before, which is this button as a rule.
  useEffect(() => {
    if (!made) return;
    if (focused.current) target.current?.focus({ preventScroll: true });
    setOpened(true);
  }, [made]);

  const onPress = ({ currentTarget }: MouseEvent<HTMLElement>) => {
    focused.current = document.activeElement === currentTarget;
    setMade(true);
  };
  return { made, opened, setOpened, onPress, target };
}
