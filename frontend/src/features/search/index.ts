export { SearchButton } from './SearchButton';
export { useSearchDialog } from './SearchDialog';
