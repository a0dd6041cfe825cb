import { ActionIcon } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Markdown.module.css';

const Highlighted = lazy(() => import('./Highlighted'));

/** Longer code shows in one colour: finding its colours would hold up the page. */
const MAX_COLOURED = 12_000;

/** Code as typed, coloured where its language is named and known. */
export function CodeBlock({ language, text }: { language: string; text: string }) {
  const { t } = useTranslation('chat');
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <div className={classes.code}>
      <div className={classes.codeBar}>
        <span>{language}</span>
        <ActionIcon variant="subtle" color="gray" size={26} onClick={() => void copy()} aria-label={t(copied ? 'code.copied' : 'code.copy')}>
          {copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
        </ActionIcon>
      </div>
      <pre tabIndex={0} aria-label={t('code.label', { language })}>
        <code>
          {language && text.length <= MAX_COLOURED ? (
            <Suspense fallback={text}>
              <Highlighted language={language} text={text} />
            </Suspense>
          ) : (
            text
          )}
        </code>
      </pre>
    </div>
  );
}
