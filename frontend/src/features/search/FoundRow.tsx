import { CornerDownRight, Hash } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Found } from '@/api/wire.gen';
import { fileIcon } from '@/components/fileIcon';
import { UserAvatar } from '@/components/UserAvatar';
import { useNameOf } from '@/components/useNameOf';
import { useFormats } from '@/i18n/format';
import { cut } from './query';
import classes from './rows.module.css';

/** Something that was found: what it is, whose, where and when, with the words that were looked for marked. */
export function FoundRow({ found }: { found: Found }) {
  const { t } = useTranslation(['search', 'common']);
  const nameOf = useNameOf();
  const { day, size } = useFormats();
  const { kind, author, title, snippet, matches, file } = found;
  if (kind === 'channel') return <PlainRow icon={<Hash size={17} aria-hidden="true" />} name={<Marked text={title} matches={snippet === '' ? matches : []} />} />;
  if (kind === 'user') {
    return <PlainRow icon={author && <UserAvatar user={author} size={26} presence={author.presence} />} name={title} note={author ? t(`common:${author.presence}`) : ''} />;
  }
  const who = author ? nameOf(author) : '';
  if (kind === 'file') {
    const picture = file?.thumb_url;
    const Icon = fileIcon(file?.content_type ?? '');
    return (
      <PlainRow
        icon={picture ? <img src={picture} alt="" className={classes.thumb} /> : <Icon size={18} aria-hidden="true" />}
        name={<Marked text={title} matches={snippet === '' ? matches : []} />}
        note={[file && size(file.size), who, day(found.created_at)].filter(Boolean).join(' · ')}
      />
    );
  }
  return (
    <>
      <span className={classes.icon}>{author && <UserAvatar user={author} size={28} />}</span>
      <span className={classes.words}>
        <span className={classes.meta}>
          <strong>{who}</strong>
          <span className={classes.where}>
            {kind === 'comment' && <CornerDownRight size={13} aria-label={t('kinds.comment')} />}
            {title}
          </span>
          <time dateTime={found.created_at}>{day(found.created_at)}</time>
        </span>
        <span className={classes.snippet}>
          <Marked text={snippet} matches={matches} />
        </span>
      </span>
    </>
  );
}

export function PlainRow({ icon, name, note }: { icon: ReactNode; name: ReactNode; note?: string }) {
  return (
    <>
      <span className={classes.icon}>{icon}</span>
      <span className={classes.plain}>
        <span className={classes.name}>{name}</span>
        {note && <span className={classes.note}>{note}</span>}
      </span>
    </>
  );
}

function Marked({ text, matches }: { text: string; matches: number[][] }) {
  return cut(text, matches).map((piece, n) => (piece.match ? <mark key={n}>{piece.text}</mark> : <span key={n}>{piece.text}</span>));
}
