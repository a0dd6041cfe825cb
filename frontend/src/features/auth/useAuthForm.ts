import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '@/api/problem';
import { useProblemWords } from '@/i18n/problems';

/** What the fields of a form hold, by their names. */
export type Values = Record<string, string>;

interface AuthFormOptions {
  /** Answers null, or what was wrong. */
  send: (values: Values) => Promise<Problem | null>;
  /** Fields that may stay empty. */
  optional?: string[];
}

/** Sends an account form and keeps what was wrong with it; the first field at fault gets the focus. */
export function useAuthForm({ send, optional = [] }: AuthFormOptions) {
  const { t } = useTranslation();
  const { field } = useProblemWords();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [empty, setEmpty] = useState<string[]>([]);

  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const values: Values = {};
    for (const [name, value] of new FormData(form)) values[name] = String(value);
    const missing = Object.keys(values).filter((name) => !optional.includes(name) && values[name]?.trim() === '');
    setEmpty(missing);
    setProblem(null);
    if (missing.length > 0) return focusFirst(form, missing);
    setBusy(true);
    const result = await send(values);
    setBusy(false);
    setProblem(result);
    if (result) focusFirst(form, Object.keys(result.errors));
  };

  return {
    busy,
    /** What was wrong beyond the fields. */
    problem: problem && Object.keys(problem.errors).length > 0 ? null : problem,
    onSubmit: (event: FormEvent<HTMLFormElement>) => void onSubmit(event),
    fieldError: (name: string) => (empty.includes(name) ? t('fields.empty') : field(problem ?? undefined, name)),
  };
}

function focusFirst(form: HTMLFormElement, names: string[]): void {
  for (const element of form.elements) {
    if (element instanceof HTMLInputElement && names.includes(element.name)) return element.focus();
  }
}
