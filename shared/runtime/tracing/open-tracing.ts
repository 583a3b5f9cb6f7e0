import { createRequire } from 'node:module'
import type { Lifecycle } from '../lifecycle'
import type * as otlp from './otlp-tracing'
import type { TracingConfig, TracingParts } from './tracing-config'
import type { Tracing } from './tracing'

/**
 * Undefined where no endpoint is set: then the SDK is not even loaded, and nobody makes a span. To be opened first, so that
 * it ends last, and what ends before it has spans, too.
 */
export function openTracing(lifecycle: Lifecycle, config: TracingConfig, parts: TracingParts): Tracing | undefined {
  const url = tracesUrl(config)
  if (url === undefined || config.OTEL_SDK_DISABLED) return undefined
  // Not imported above: it would be loaded by those who want no spans, too.
  const load = createRequire(__filename)
  const { openOtlpTracing } = load('./otlp-tracing') as typeof otlp
  const tracing = openOtlpTracing(url, config, parts)
  lifecycle.add('spans', () => tracing.close())
  return tracing
}

/** As the exporter would read it from the process environment; these may stand in `.env`, too. */
function tracesUrl(config: TracingConfig): string | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: whole } = config
  return whole ?? (base && `${base.replace(/\/+$/, '')}/v1/traces`)
}
