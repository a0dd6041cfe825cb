import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '@/api/problem';
import { useAppDispatch } from '@/components/hooks';
import { useProblemWords } from '@/i18n/problems';

export interface AuthValues {
  name: string;
  email: string;
  password: string;
}

type Send = (values: AuthValues) => (dispatch: never) => Promise<Problem | null>;

/** Sends an account form and keeps what was wrong with it; the first field at fault gets the focus. */
export function useAuthForm(send: Send) {
  const { t } = useTranslation();
  const { field } = useProblemWords();
  const dispatch = useAppDispatch();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [empty, setEmpty] = useState<string[]>([]);

  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? '');
    const missing = [...data.keys()].filter((name) => text(name).trim() === '');
    setEmpty(missing);
    setProblem(null);
    if (missing.length > 0) return focusFirst(form, missing);
    setBusy(true);
    const result = (await dispatch(send({ name: text('name'), email: text('email'), password: text('password') }))) as Problem | null;
    setBusy(false);
    setProblem(result);
    if (result) focusFirst(form, Object.keys(result.errors));
  };

  return {
    busy,
    problem,
    onSubmit: (event: FormEvent<HTMLFormElement>) => void onSubmit(event),
    fieldError: (name: string) => (empty.includes(name) ? t('fields.empty') : field(problem ?? undefined, name)),
  };
}

function focusFirst(form: HTMLFormElement, names: string[]): void {
  for (const element of form.elements) {
    if (element instanceof HTMLInputElement && names.includes(element.name)) return element.focus();
  }
}
