import { Button, Progress } from '@mantine/core';
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRemoveAvatarMutation } from '@/api/account';
import { api } from '@/api/api';
import { asProblem, type Problem } from '@/api/problem';
import { uploadAvatar } from '@/api/upload';
import { useAppDispatch, useMe } from '@/components/hooks';
import { ProblemNote } from '@/components/ProblemNote';
import { UserAvatar } from '@/components/UserAvatar';
import { photoFault } from './photoFault';
import classes from './SettingsPage.module.css';

interface Sending {
  /** Address of the chosen picture in this window. */
  preview: string;
  part: number;
}

/** One's photo with the ways to change it; a picture may also be dropped on it. */
export function Photo({ name, children }: { name: string; children: ReactNode }) {
  const { t } = useTranslation('settings');
  const me = useMe();
  const dispatch = useAppDispatch();
  const input = useRef<HTMLInputElement>(null);
  const abort = useRef<AbortController>(null);
  const [remove, removing] = useRemoveAvatarMutation();
  const [sending, setSending] = useState<Sending | null>(null);
  const [fault, setFault] = useState<string | Problem | null>(null);
  const [over, setOver] = useState(false);
  useEffect(() => () => abort.current?.abort(), []);

  const send = async (file: File | undefined) => {
    if (!file || sending) return;
    const wrong = photoFault(file);
    setFault(wrong && t(`photo.${wrong}`));
    if (wrong) return;
    const preview = URL.createObjectURL(file);
    abort.current = new AbortController();
    setSending({ preview, part: 0 });
    try {
      const onProgress = (part: number) => setSending({ preview, part });
      const updated = await uploadAvatar(file, { signal: abort.current.signal, onProgress });
      dispatch(api.util.upsertQueryData('me', undefined, updated));
    } catch (error) {
      setFault(asProblem(error));
    } finally {
      URL.revokeObjectURL(preview);
      setSending(null);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void send(event.dataTransfer.files[0]);
  };
  const problem = typeof fault === 'string' ? null : (fault ?? (removing.error ? asProblem(removing.error) : null));

  return (
    <div
      className={classes.photo}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div className={classes.who}>
        <UserAvatar user={{ ...me, name, avatar_url: sending?.preview ?? me.avatar_url }} size={84} />
        <div className={classes.about}>
          {children}
          <div className={classes.buttons}>
            <Button size="compact-sm" variant="default" loading={sending !== null} onClick={() => input.current?.click()}>
              {me.avatar_url ? t('photo.change') : t('photo.choose')}
            </Button>
            {me.avatar_url && !sending && (
              <Button size="compact-sm" variant="subtle" color="gray" loading={removing.isLoading} onClick={() => void remove()}>
                {t('photo.remove')}
              </Button>
            )}
          </div>
        </div>
        <input
          ref={input}
          type="file"
          accept="image/png,image/jpeg,image/gif,image/webp"
          hidden
          onChange={(event) => {
            void send(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </div>
      {sending && <Progress value={sending.part * 100} size="sm" aria-label={t('photo.uploading')} />}
      {typeof fault === 'string' && (
        <p className={classes.fault} role="alert">
          {fault}
        </p>
      )}
      <ProblemNote problem={problem} title={t('photo.failed')} />
      <p className={classes.hint}>{t('photo.hint')}</p>
    </div>
  );
}
