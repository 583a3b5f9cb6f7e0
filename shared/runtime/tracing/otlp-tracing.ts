/** The port to spans as OpenTelemetry has it. Loaded only where there is an endpoint. */
import { context, propagation, trace } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { systemClock } from '../clock'
import { AsyncContexts } from './async-contexts'
import type { TracingConfig, TracingParts } from './tracing-config'
import { beginSpan } from './otel-span'
import { samplerOf } from './sampler'
import { SpanOutlet } from './span-outlet'
import { toldLosses } from './told-losses'
import type { Tracing } from './tracing'

/** Of the time of a stop; what a collector has not taken by then is gone. */
const flushShare = 0.08
const mostFlushMs = 2_000

/**
 * Spans that are sent to this URL, by OTLP over HTTP with JSON. What else the exporter can be told, such as its headers, it
 * reads from the process environment.
 */
export function openOtlpTracing(url: string, config: TracingConfig, parts: TracingParts): Tracing {
  const outlet = outletOf(url, config, parts)
  const resource = resourceOf(config, parts)
  const provider = new TracerProvider({ resource, sampler: samplerOf(config), spanProcessors: [outlet] })
  // For what handlers do by means of OpenTelemetry's API, and libraries that they use.
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncContexts())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  const tracer = provider.getTracer('handoff')
  parts.logger.info('spans are sent to a collector')
  return {
    begin: (facts) => beginSpan(tracer, facts),
    close: () => closed(provider, outlet, { config, ...parts }),
  }
}

function outletOf(url: string, config: TracingConfig, parts: TracingParts): SpanOutlet {
  return new SpanOutlet({
    exporter: new OTLPTraceExporter({ url }),
    maxQueueSize: config.OTEL_BSP_MAX_QUEUE_SIZE,
    maxExportBatchSize: Math.min(config.OTEL_BSP_MAX_EXPORT_BATCH_SIZE, config.OTEL_BSP_MAX_QUEUE_SIZE),
    scheduledDelayMillis: config.OTEL_BSP_SCHEDULE_DELAY,
    exportTimeoutMillis: config.OTEL_BSP_EXPORT_TIMEOUT,
    lost: toldLosses({ ...parts, clock: systemClock }),
  })
}

/** A name in the settings wins over OTEL_RESOURCE_ATTRIBUTES, and that over ours. */
function resourceOf({ OTEL_SERVICE_NAME: name }: TracingConfig, { service }: TracingParts) {
  return defaultResource()
    .merge(resourceFromAttributes({ 'service.name': `handoff-${service}` }))
    .merge(detectResources({ detectors: [resourceAttributesEnvDetector] }))
    .merge(resourceFromAttributes(name === undefined ? {} : { 'service.name': name }))
}

interface Closing extends Pick<TracingParts, 'logger'> {
  readonly config: Pick<TracingConfig, 'SHUTDOWN_TIMEOUT_MS'>
}

/** Rejects never: a stop is none the worse for a collector that is away. */
async function closed(provider: TracerProvider, outlet: SpanOutlet, { config, logger }: Closing): Promise<void> {
  const withinMs = Math.min(mostFlushMs, config.SHUTDOWN_TIMEOUT_MS * flushShare)
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const cancel = systemClock.after(withinMs, resolve)
  await Promise.race([provider.shutdown().catch(() => {}), late])
  cancel()
  if (outlet.pending > 0) logger.warn({ spans: outlet.pending }, 'spans are left over at the end of the stop')
}
