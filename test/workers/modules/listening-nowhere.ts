/** Has nothing to serve, and nothing to do. */
export {};
