import { notifications } from '@mantine/notifications';
import { Upload } from 'lucide-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './DropZone.module.css';
import { MAX_FILES, type Uploads } from './useUploads';

interface DropZoneProps {
  uploads: Uploads;
  className?: string | undefined;
  children: ReactNode;
}

/** Files may be dropped anywhere in it. */
export function DropZone({ uploads, className, children }: DropZoneProps) {
  const { t } = useTranslation('chat');
  const depth = useRef(0);
  const [over, setOver] = useState(false);
  const withFiles = (handle: (event: DragEvent) => void) => (event: DragEvent) => {
    if (event.dataTransfer.types.includes('Files')) handle(event);
  };
  const enter = (by: number) => {
    depth.current += by;
    setOver(depth.current > 0);
  };
  return (
    <div
      className={[classes.zone, className].filter(Boolean).join(' ')}
      onDragEnter={withFiles(() => enter(1))}
      onDragLeave={withFiles(() => enter(-1))}
      onDragOver={withFiles((event) => event.preventDefault())}
      onDrop={withFiles((event) => {
        event.preventDefault();
        enter(-depth.current);
        if (!uploads.add([...event.dataTransfer.files])) notifications.show({ message: t('composer.tooMany', { count: MAX_FILES }), color: 'yellow' });
      })}
    >
      {children}
      {over && (
        <div className={classes.over}>
          <Upload size={30} aria-hidden="true" />
          {t('composer.dropHere')}
        </div>
      )}
    </div>
  );
}
