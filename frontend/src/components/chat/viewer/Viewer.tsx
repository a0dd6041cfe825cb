import { ActionIcon, Modal } from '@mantine/core';
import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { File as StoredFile } from '@/api/wire.gen';
import { useFreshUrl } from '../useFreshUrl';
import { usePanZoom } from './usePanZoom';
import classes from './Viewer.module.css';

interface ViewerProps {
  pictures: StoredFile[];
  start: number;
  onClose: () => void;
}

/** The pictures of an entry over the whole window: arrows and swipes go on, + and − enlarge, Escape closes. */
export default function Viewer({ pictures, start, onClose }: ViewerProps) {
  const { t } = useTranslation('chat');
  const [at, setAt] = useState(start);
  const picture = pictures[Math.min(at, pictures.length - 1)];
  if (!picture) return null;
  const go = (by: number) => setAt((before) => Math.max(0, Math.min(pictures.length - 1, before + by)));
  return (
    <Modal.Root opened onClose={onClose} fullScreen padding={0} transitionProps={{ duration: 120 }}>
      <Modal.Content aria-label={t('viewer.title', { name: picture.name })} classNames={{ content: classes.content }}>
        <Modal.Body className={classes.body}>
          <Shown picture={picture} onGo={go} onClose={onClose} place={pictures.length > 1 ? { at, count: pictures.length } : null} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

interface ShownProps {
  picture: StoredFile;
  place: { at: number; count: number } | null;
  onGo: (by: number) => void;
  onClose: () => void;
}

function Shown({ picture, place, onGo, onClose }: ShownProps) {
  const { t } = useTranslation('chat');
  const { url, broken, onError } = useFreshUrl(picture);
  const { surface, transform, zoomed, zoomBy, reset } = usePanZoom(picture.id, onGo);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowLeft') onGo(-1);
    else if (event.key === 'ArrowRight') onGo(1);
    else if (event.key === '+' || event.key === '=') zoomBy(1.4);
    else if (event.key === '-') zoomBy(1 / 1.4);
    else if (event.key === '0') reset();
    else return;
    event.preventDefault();
  };
  return (
    <div className={classes.viewer} onKeyDown={onKeyDown}>
      <div className={classes.bar}>
        <span className={classes.name} title={picture.name}>
          {picture.name}
        </span>
        {place && (
          <span className={classes.count} role="status">
            {t('viewer.of', { at: place.at + 1, count: place.count })}
          </span>
        )}
        <span className={classes.tools}>
          <ActionIcon variant="subtle" color="gray" size={38} onClick={() => zoomBy(1 / 1.4)} disabled={!zoomed} aria-label={t('viewer.zoomOut')}>
            <ZoomOut size={20} aria-hidden="true" />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray" size={38} onClick={() => zoomBy(1.4)} aria-label={t('viewer.zoomIn')}>
            <ZoomIn size={20} aria-hidden="true" />
          </ActionIcon>
          <ActionIcon component="a" href={url} download={picture.name} variant="subtle" color="gray" size={38} aria-label={t('viewer.download')}>
            <Download size={20} aria-hidden="true" />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray" size={38} onClick={onClose} aria-label={t('viewer.close')} data-autofocus>
            <X size={22} aria-hidden="true" />
          </ActionIcon>
        </span>
      </div>
      <div ref={surface} className={classes.surface} data-zoomed={zoomed || undefined}>
        {broken ? (
          <p>{t('viewer.failed')}</p>
        ) : (
          <img src={url} alt={picture.name} onError={onError} draggable={false} style={{ transform }} className={classes.picture} />
        )}
      </div>
      {place && place.at > 0 && (
        <ActionIcon className={classes.previous} radius="xl" size={46} variant="default" onClick={() => onGo(-1)} aria-label={t('viewer.previous')}>
          <ChevronLeft size={24} aria-hidden="true" />
        </ActionIcon>
      )}
      {place && place.at < place.count - 1 && (
        <ActionIcon className={classes.next} radius="xl" size={46} variant="default" onClick={() => onGo(1)} aria-label={t('viewer.next')}>
          <ChevronRight size={24} aria-hidden="true" />
        </ActionIcon>
      )}
    </div>
  );
}
