export { ForgotPage } from './ForgotPage';
export { LoginPage } from './LoginPage';
export { RegisterPage } from './RegisterPage';
export { ResetPage } from './ResetPage';
export { VerifyPage } from './VerifyPage';
