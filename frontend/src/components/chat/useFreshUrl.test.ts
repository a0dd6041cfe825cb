import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { http } from '@/api/http';
import type { File as StoredFile } from '@/api/wire.gen';
import { useFreshUrl } from './useFreshUrl';

vi.mock('@/api/http', () => ({ http: vi.fn() }));

const file = { id: 'f1', url: '/old' } as StoredFile;

test('a stale address is exchanged once; what fails after that is broken', async () => {
  vi.mocked(http).mockResolvedValue({ ...file, url: '/new' });
  const { result } = renderHook(() => useFreshUrl(file));
  act(() => result.current.onError());
  await waitFor(() => expect(result.current.url).toBe('/new'));
  expect(result.current.broken).toBe(false);
  act(() => result.current.onError());
  expect(result.current.broken).toBe(true);
});

test('where the address is still good, what it leads to is broken', async () => {
  vi.mocked(http).mockResolvedValue(file);
  const { result } = renderHook(() => useFreshUrl(file));
  act(() => result.current.onError());
  await waitFor(() => expect(result.current.broken).toBe(true));
});
