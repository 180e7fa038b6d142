/** The config file cannot be used. The message has a line for each error in it. */
export class ConfigError extends Error {}
