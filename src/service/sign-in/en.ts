export const en = {
  title: 'Antrea health reports',
  signIn: 'Sign in',
  signInAgain: 'Sign in again',
  signOut: 'Sign out',
  denied: {
    heading: 'You cannot sign in',
    text: 'The login did not confirm who you are, or you cancelled it. If this happens again, ask the administrator of the login for access to this service.',
  },
  expired: {
    heading: 'This sign-in is over',
    text: 'It took too long, was already used, or was begun in another browser.',
  },
  unavailable: {
    heading: 'The login does not answer',
    text: 'Signing in is not possible at the moment. Try again in a minute.',
  },
  refused: {
    heading: 'Signing in failed',
    text: 'This service and the login do not agree. The administrator of this service finds the reason in its log.',
  },
  'signed-out': {
    heading: 'You are signed out',
    text: 'Your session at the login of your company may continue.',
  },
  confirm: {
    heading: 'Sign out?',
    text: 'You are signed in to the Antrea health reports.',
  },
};
