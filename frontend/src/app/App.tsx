import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { StrictMode, useState } from 'react';
import { Provider } from 'react-redux';
import { BrowserRouter } from 'react-router';
import { ErrorBoundary } from '@/components/ErrorBoundary';
import { Socket, SocketProvider } from '@/realtime';
import { cssVariablesResolver, theme } from '@/styles/theme';
import { CallsHost } from './CallsHost';
import { Live } from './Live';
import { NewVersion } from './NewVersion';
import { AppRoutes } from './routes';
import { makeStore } from './store';

export function App() {
  const [store] = useState(makeStore);
  const [socket] = useState(() => new Socket());
  return (
    <StrictMode>
      <Provider store={store}>
        <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
          <Notifications position="top-right" limit={3} />
          <ErrorBoundary>
            <SocketProvider socket={socket}>
              <Live store={store} />
              <BrowserRouter>
                <CallsHost>
                  <AppRoutes />
                  <NewVersion />
                </CallsHost>
              </BrowserRouter>
            </SocketProvider>
          </ErrorBoundary>
        </MantineProvider>
      </Provider>
    </StrictMode>
  );
}
