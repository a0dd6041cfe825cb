import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { StrictMode, useState } from 'react';
import { Provider } from 'react-redux';
import { RouterProvider } from 'react-router';
import { ErrorBoundary } from '@/components/ErrorBoundary';
import { Socket, SocketProvider } from '@/realtime';
import { cssVariablesResolver, theme } from '@/styles/theme';
import { Live } from './Live';
import { makeRouter } from './router';
import { makeStore } from './store';

export function App() {
  const [store] = useState(makeStore);
  const [socket] = useState(() => new Socket());
  const [router] = useState(makeRouter);
  return (
    <StrictMode>
      <Provider store={store}>
        <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
          <Notifications position="top-right" limit={3} />
          <ErrorBoundary>
            <SocketProvider socket={socket}>
              <Live store={store} />
              <RouterProvider router={router} />
            </SocketProvider>
          </ErrorBoundary>
        </MantineProvider>
      </Provider>
    </StrictMode>
  );
}
