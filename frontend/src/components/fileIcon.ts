import { File, FileArchive, FileAudio, FileImage, FileText, FileVideo } from 'lucide-react';

/** The picture that stands for a kind of file. */
export function fileIcon(contentType: string): typeof File {
  if (contentType.startsWith('image/')) return FileImage;
  if (contentType.startsWith('video/')) return FileVideo;
  if (contentType.startsWith('audio/')) return FileAudio;
  if (contentType.startsWith('text/') || /pdf|document|presentation|sheet/.test(contentType)) return FileText;
  if (/zip|tar|compressed/.test(contentType)) return FileArchive;
  return File;
}
