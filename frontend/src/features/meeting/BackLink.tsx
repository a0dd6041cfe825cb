import { ArrowLeft } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useEmbedded } from './embedded';

interface BackLinkProps {
  /** Null: one is in no channel yet; the link leads home. */
  channelId: string | null;
  className: string | undefined;
  /** With its words beside the arrow. */
  wide?: boolean;
}

/** The way back to the channel; none in somebody else's page. */
export function BackLink({ channelId, className, wide = false }: BackLinkProps) {
  const { t } = useTranslation('meeting');
  const label = channelId ? t('backToChannel') : t('end.home');
  if (useEmbedded()) return null;
  return (
    <Link className={className} to={channelId ? `/channels/${channelId}` : '/'} {...(wide ? {} : { 'aria-label': label, title: label })}>
      <ArrowLeft size={wide ? 18 : 20} aria-hidden />
      {wide && label}
    </Link>
  );
}
