import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAuditInfiniteQuery } from '@/api/admin';
import { useNameOf } from '@/components/useNameOf';
import { useFormats } from '@/i18n/format';
import classes from './AdminPage.module.css';
import { auditActions, auditKey, auditSentence, type AuditWords } from './auditSentence';
import { Paged } from './Paged';

const roles = ['owner', 'assistant', 'student', 'admin', 'user'] as const;

export function AuditTab() {
  const { t } = useTranslation('admin');
  const { day, full, time } = useFormats();
  const nameOf = useNameOf();
  const [action, setAction] = useState('');
  const query = useAuditInfiniteQuery(action, { refetchOnMountOrArgChange: true });
  const words: AuditWords = {
    nameOf,
    somebody: t('log.somebody'),
    role: (role) => {
      const known = roles.find((each) => each === role);
      return known ? t(`log.roles.${known}`) : role;
    },
    say: (key, places) => t(`log.sentences.${key}`, { ...places }),
  };
  return (
    <>
      <NativeSelect
        aria-label={t('log.filter')}
        value={action}
        onChange={(event) => setAction(event.currentTarget.value)}
        mb="md"
        data={[
          { value: '', label: t('log.all') },
          ...auditActions.map((value) => ({ value, label: t(`log.actions.${auditKey(value) ?? 'login'}`) })),
        ]}
      />
      <Paged query={query} empty={t('log.none')}>
        {(events) => (
          <ol className={classes.rows}>
            {events.map((event) => (
              <li key={event.id} className={classes.event}>
                <time dateTime={event.at} title={full(event.at)} className={classes.soft}>
                  {day(event.at)} {time(event.at)}
                </time>
                <span className={classes.words}>{auditSentence(event, words)}</span>
                {event.ip && <span className={classes.soft}>{event.ip}</span>}
              </li>
            ))}
          </ol>
        )}
      </Paged>
    </>
  );
}
