import { Loader } from '@mantine/core';
import { Search } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OperatorChip } from './OperatorChip';
import { lastOperator, operators, type Query, without } from './query';
import classes from './SearchField.module.css';

interface SearchFieldProps {
  ref?: Ref<HTMLInputElement>;
  query: Query;
  /** `settled` is false while an input method composes: the text is not yet what the person means. */
  onChange: (query: Query, settled: boolean) => void;
  busy: boolean;
  /** Of the list that the field steers. */
  inputProps: { onKeyDown?: (event: KeyboardEvent) => void };
  children?: ReactNode;
}

/** The one box: operators that were chosen as chips, then words. */
export function SearchField({ ref, query, onChange, busy, inputProps, children }: SearchFieldProps) {
  const { t } = useTranslation('search');
  const [composing, setComposing] = useState(false);
  const onKeyDown = (event: KeyboardEvent) => {
    const last = lastOperator(query);
    if (event.key === 'Backspace' && query.text === '' && last && !event.nativeEvent.isComposing) {
      onChange(without(query, last), true);
      return;
    }
    inputProps.onKeyDown?.(event);
  };
  return (
    <div className={classes.field}>
      {busy ? <Loader size={18} aria-hidden="true" /> : <Search size={18} aria-hidden="true" className={classes.icon} />}
      {operators.map((op) => {
        const value = query[op];
        return value && <OperatorChip key={op} op={op} value={value} onRemove={() => onChange(without(query, op), true)} />;
      })}
      <input
        ref={ref}
        type="text"
        className={classes.input}
        aria-label={t('search')}
        placeholder={t('placeholder')}
        value={query.text}
        maxLength={200}
        spellCheck={false}
        enterKeyHint="search"
        data-autofocus
        {...inputProps}
        onKeyDown={onKeyDown}
        onChange={(event) => onChange({ ...query, text: event.currentTarget.value }, !composing)}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={(event) => {
          setComposing(false);
          onChange({ ...query, text: event.currentTarget.value }, true);
        }}
      />
      {children}
    </div>
  );
}
