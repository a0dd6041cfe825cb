import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen } from '@testing-library/react';
import { Provider } from 'react-redux';
import { beforeEach, expect, test, vi } from 'vitest';
import { api } from '@/api/api';
import { makeStore } from '@/app/store';
import { setLanguage } from '@/i18n';
import { ada } from '@/testing/entries';
import { Composer } from './Composer';
import type { Uploads } from './uploads/useUploads';

const noUploads: Uploads = { items: [], busy: false, light: true, stored: [], add: () => true, remove: () => {}, retry: () => {}, handOver: () => [], clear: () => {} };
const onSend = vi.fn();

async function show() {
  const store = makeStore();
  await store.dispatch(api.util.upsertQueryData('me', undefined, ada));
  return render(
    <Provider store={store}>
      <MantineProvider>
        <Composer place="channel:c1" label="Write" uploads={noUploads} onSend={onSend} />
      </MantineProvider>
    </Provider>,
  );
}

const box = () => screen.getByRole('textbox', { name: 'Write' });

beforeEach(() => {
  localStorage.clear();
  setLanguage('en');
  onSend.mockClear();
});

test('the Enter that picks a Chinese word sends nothing, the next one sends', async () => {
  await show();
  fireEvent.change(box(), { target: { value: '上海' } });
  fireEvent.keyDown(box(), { key: 'Enter', isComposing: true });
  fireEvent.keyDown(box(), { key: 'Enter', keyCode: 229 });
  expect(onSend).not.toHaveBeenCalled();
  fireEvent.keyDown(box(), { key: 'Enter' });
  expect(onSend).toHaveBeenCalledExactlyOnceWith('上海', [], []);
  expect(box()).toHaveValue('');
});

test('an empty text is not sent', async () => {
  await show();
  fireEvent.change(box(), { target: { value: '  \n ' } });
  fireEvent.keyDown(box(), { key: 'Enter' });
  expect(onSend).not.toHaveBeenCalled();
});

test('a draft comes back after a reload, a sent one does not', async () => {
  const { unmount } = await show();
  fireEvent.change(box(), { target: { value: 'half a thought' } });
  unmount();
  const again = await show();
  expect(box()).toHaveValue('half a thought');
  fireEvent.keyDown(box(), { key: 'Enter' });
  again.unmount();
  await show();
  expect(box()).toHaveValue('');
});
