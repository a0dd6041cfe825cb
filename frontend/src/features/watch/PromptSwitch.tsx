import { Switch, type SwitchProps } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useFailed } from './useFailed';

interface PromptSwitchProps extends Omit<SwitchProps, 'onChange' | 'checked'> {
  /** What the server says. */
  checked: boolean;
  onAsk: (on: boolean) => Promise<void>;
}

/** A switch of something that the server keeps: it moves at once, and back when it was refused. */
export function PromptSwitch({ checked, onAsk, ...props }: PromptSwitchProps) {
  const [asked, setAsked] = useState<boolean | null>(null);
  const failed = useFailed();
  useEffect(() => setAsked(null), [checked]);
  const ask = (on: boolean) => {
    setAsked(on);
    onAsk(on).catch((error: unknown) => {
      setAsked(null);
      failed(error);
    });
  };
  return <Switch {...props} checked={asked ?? checked} onChange={(event) => ask(event.currentTarget.checked)} />;
}
