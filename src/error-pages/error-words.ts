/** What a refusal or a failure means for a person who sees it in a browser, and what to do. ASCII only. */

export interface ErrorWords {
  /** What has happened. */
  readonly heading: string;
  /** What the person can do; one sentence or two. */
  readonly advice: string;
}

const WORDS: Readonly<Record<number, ErrorWords>> = {
  400: {
    heading: 'The server could not read this request',
    advice: 'Check the address for mistakes. If a link led here, the link is wrong.',
  },
  401: {
    heading: 'Sign in to see this page',
    advice: 'Reload the page to enter a name and a password.',
  },
  403: {
    heading: 'You may not see this page',
    advice: 'Check the address for mistakes. The owner of the site decides who may see what.',
  },
  404: {
    heading: 'There is nothing at this address',
    advice: 'Check the address for mistakes. The page may have been moved or removed.',
  },
  405: {
    heading: 'This address can not be used in this way',
    advice:
      'Go back and try another way. A form or a script has used a method that this address does not have.',
  },
  408: {
    heading: 'The request took too long',
    advice: 'Check your connection, then send it again.',
  },
  409: {
    heading: 'This can not be done now',
    advice: 'Go back, look at what is there now, and try again.',
  },
  412: {
    heading: 'The file has changed in the meantime',
    advice: 'Go back, look at what is there now, and try again.',
  },
  413: {
    heading: 'This is too large for the server',
    advice: 'Go back and send less. The owner of the site sets the limit.',
  },
  415: {
    heading: 'The server does not take this kind of content',
    advice: 'Go back and send it in another form.',
  },
  416: {
    heading: 'This part of the file does not exist',
    advice: 'Load the file again from its beginning.',
  },
  421: {
    heading: 'This server does not answer for this name',
    advice: 'Check the address for mistakes.',
  },
  500: {
    heading: 'Something went wrong on the server',
    advice: 'Your request was fine. Try again later. If this is your server, its log says what went wrong.',
  },
  502: {
    heading: 'The server behind this one did not answer',
    advice: 'Your request was fine. Try again in a moment.',
  },
  503: {
    heading: 'The server is busy',
    advice: 'Your request was fine. Reload the page in a moment.',
  },
  507: {
    heading: 'The server has no room left',
    advice: 'Nothing was stored. If this is your server, free some space on its disk.',
  },
};

const CLIENT_ERROR: ErrorWords = {
  heading: 'The server refused this request',
  advice: 'Check the address for mistakes.',
};

/** For any status from 400 to 599. */
export function errorWords(status: number): ErrorWords {
  return WORDS[status] ?? (status < 500 ? CLIENT_ERROR : WORDS[500]!);
}
