/** What the server takes at most, in bytes. */
const MAX_BYTES = 10 * 1024 * 1024;

const types = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** Why a file cannot become a photo, told before it is sent; the server looks into it itself. */
export function photoFault(file: Pick<File, 'type' | 'size'>): 'notAPicture' | 'tooLarge' | null {
  if (!types.includes(file.type)) return 'notAPicture';
  return file.size > MAX_BYTES ? 'tooLarge' : null;
}
