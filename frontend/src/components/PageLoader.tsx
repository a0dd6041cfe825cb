import { Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Fills the place of a page that is on its way. */
export function PageLoader() {
  const { t } = useTranslation();
  return (
    <div role="status" style={{ display: 'grid', placeItems: 'center', minHeight: '100%', flex: 1 }}>
      <Loader type="dots" aria-hidden="true" />
      <span className="visually-hidden">{t('loading')}</span>
    </div>
  );
}
