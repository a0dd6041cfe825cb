import { Popover, UnstyledButton } from '@mantine/core';
import { SmilePlus } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reactions } from '@/classroom/reactions';
import controls from '@/components/media/controls.module.css';
import { useSession } from '../sessions';
import classes from './reactions.module.css';

/** The button of the bar that sends a reaction up. It stays open: who claps, claps more than once. */
export function ReactionsButton() {
  const { t } = useTranslation('classroom');
  const { reactions: session } = useSession();
  const [opened, setOpened] = useState(false);
  const row = useRef<HTMLDivElement>(null);

  const onKeyDown = (event: KeyboardEvent) => {
    const buttons = [...(row.current?.querySelectorAll('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined || at < 0) return;
    event.preventDefault();
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  };

  return (
    <Popover opened={opened} onChange={setOpened} position="top" trapFocus returnFocus withRoles={false}>
      <Popover.Target>
        <UnstyledButton
          className={controls.button}
          aria-label={t('reactions.button')}
          title={t('reactions.button')}
          aria-expanded={opened}
          data-active={opened || undefined}
          onClick={() => setOpened(!opened)}
        >
          <SmilePlus size={20} aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={4}>
        <div ref={row} role="group" aria-label={t('reactions.button')} className={classes.row} onKeyDown={onKeyDown}>
          {reactions.map((emoji) => (
            <UnstyledButton key={emoji} className={classes.emoji} aria-label={t(`reactions.names.${emoji}`)} onClick={() => session.send(emoji)}>
              {emoji}
            </UnstyledButton>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
