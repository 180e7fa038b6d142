/** `serval/tracing`: spans for OpenTelemetry. It needs the package `@opentelemetry/api`, which the application has. */
export { tracing } from './tracing.ts';
