/** The command line is invalid. The message is one line for the user. */
export class UsageError extends Error {}
