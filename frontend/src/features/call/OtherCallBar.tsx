import { Button } from '@mantine/core';
import { PhoneForwarded } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/components/hooks';
import { useNameOf } from '@/components/useNameOf';
import type { OtherCall } from '@/media/calls';
import { useCalls } from './context';
import classes from './other.module.css';

/** A call that this window is not in: it goes on in another one, or its window is gone and one may return. */
export function OtherCallBar({ other }: { other: OtherCall }) {
  const { t } = useTranslation('call');
  const nameOf = useNameOf();
  const me = useMe();
  const calls = useCalls();
  const { call, place } = other;
  const name = nameOf(call.caller.id === me.id ? call.callee : call.caller);
  return (
    <aside className={classes.bar} role="status">
      <PhoneForwarded size={18} aria-hidden />
      <span className={classes.text}>{t(`other.${place}`, { name })}</span>
      <Button size="compact-md" onClick={() => calls?.resume(other)}>
        {t(place === 'free' ? 'other.return' : 'other.move')}
      </Button>
      {place === 'free' && (
        <Button size="compact-md" variant="default" onClick={() => calls?.endOther()}>
          {t('other.end')}
        </Button>
      )}
    </aside>
  );
}
