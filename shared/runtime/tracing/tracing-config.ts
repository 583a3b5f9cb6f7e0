import type { Logger } from '../logger'
import type { SamplerName } from './tracing-settings'

export interface TracingConfig {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string
  readonly OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string
  readonly OTEL_SDK_DISABLED: boolean
  readonly OTEL_SERVICE_NAME?: string
  readonly OTEL_TRACES_SAMPLER: SamplerName
  readonly OTEL_TRACES_SAMPLER_ARG: number
  readonly OTEL_BSP_SCHEDULE_DELAY: number
  readonly OTEL_BSP_EXPORT_TIMEOUT: number
  readonly OTEL_BSP_MAX_QUEUE_SIZE: number
  readonly OTEL_BSP_MAX_EXPORT_BATCH_SIZE: number
  readonly SHUTDOWN_TIMEOUT_MS: number
}

export interface TracingParts {
  /** The service's name, such as `producer`. */
  readonly service: string
  readonly logger: Pick<Logger, 'info' | 'warn'>
  /** Hears of spans that nobody will see, and how many. */
  readonly dropped: (spans: number) => void
}
