import { ExportResultCode, type ExportResult } from '@opentelemetry/core'
import {
  BatchSpanProcessor,
  type BatchSpanProcessorOptions,
  type ReadableSpan,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace'

export interface SpanOutletOptions extends Omit<BatchSpanProcessorOptions, 'exporter'> {
  readonly exporter: SpanExporter
  /** Of spans that have ended and are not sent yet, also of those under way. */
  readonly maxQueueSize: number
  /** Hears of spans that nobody will see, how many, and why. */
  readonly lost: (spans: number, why: string) => void
}

/**
 * Sends spans in batches, holds so many at most and counts what it drops: the SDK tells that to metrics of its own alone,
 * which are experimental. Whoever ends a span never waits.
 */
export class SpanOutlet implements SpanProcessor {
  readonly #options: SpanOutletOptions
  readonly #batches: BatchSpanProcessor
  #pending = 0

  constructor(options: SpanOutletOptions) {
    this.#options = options
    const { exporter } = options
    this.#batches = new BatchSpanProcessor({
      ...options,
      exporter: {
        export: (spans, done) => exporter.export(spans, (result) => done(this.#sent(spans, result))),
        shutdown: () => exporter.shutdown(),
      },
    })
  }

  /** Spans that have ended and are neither sent nor lost. */
  get pending(): number {
    return this.#pending
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (this.#pending >= this.#options.maxQueueSize) return this.#options.lost(1, 'too many wait to be sent')
    this.#pending++
    this.#batches.onEnd(span)
  }

  forceFlush(): Promise<void> {
    return this.#batches.forceFlush()
  }

  shutdown(): Promise<void> {
    return this.#batches.shutdown()
  }

  #sent(spans: readonly ReadableSpan[], result: ExportResult): ExportResult {
    this.#pending -= spans.length
    if (result.code !== ExportResultCode.SUCCESS) this.#options.lost(spans.length, whyOf(result.error))
    return result
  }
}

/** Where all addresses of a host refuse, the message is empty. */
function whyOf(error: (Error & { readonly code?: string | number }) | undefined): string {
  if (error === undefined) return 'the collector refused them'
  return error.message || String(error.code ?? error.name)
}
