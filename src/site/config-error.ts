/** A config file can't be used. The message has a line for everything that is wrong with it. */
export class ConfigError extends Error {}
