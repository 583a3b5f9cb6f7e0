import { Type } from 'typebox'
import { facts } from '../setting-facts'

const endpoint = (description: string, whenMissing: string) =>
  Type.Optional(
    Type.String({
      ...facts({ description, allowed: 'http://HOST:4318 or https://…', whenMissing }),
      pattern: '^https?://[^\\s?#]+$',
    }),
  )

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

export type SamplerName = (typeof samplers)[number]

const count = (description: string, value: number, most: number) =>
  Type.Integer({ ...facts({ description, default: value }), minimum: 1, maximum: most })

/**
 * Settings of traces, under the names that OpenTelemetry gave them:
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/.
 */
export const tracing = {
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(
    'Where spans are sent, by OTLP over HTTP with JSON; /v1/traces is put behind it.',
    'there are no spans, and the SDK is not loaded',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint(
    'The same as a whole URL, to which nothing is added; it wins over OTEL_EXPORTER_OTLP_ENDPOINT.',
    'OTEL_EXPORTER_OTLP_ENDPOINT is used',
  ),
  OTEL_SDK_DISABLED: Type.Boolean(facts({ description: 'Whether there are no spans all the same.', default: false })),
  OTEL_SERVICE_NAME: Type.Optional(
    Type.String({
      ...facts({
        description: 'What spans say that they come from. In a file that several services read it makes them one.',
        whenMissing: 'service.name of OTEL_RESOURCE_ATTRIBUTES, or else handoff-producer and handoff-consumer',
      }),
      minLength: 1,
      maxLength: 255,
    }),
  ),
  OTEL_TRACES_SAMPLER: Type.Union(
    samplers.map((name) => Type.Literal(name)),
    facts({
      description:
        'Which traces are told. Those that begin with parentbased follow whoever began the trace, and decide where nobody has.',
      default: 'parentbased_always_on',
    }),
  ),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    ...facts({
      description: 'The share of traces that the samplers with traceidratio choose.',
      allowed: 'a number from 0 to 1, such as 0.05',
      default: 1,
    }),
    minimum: 0,
    maximum: 1,
  }),
  OTEL_BSP_SCHEDULE_DELAY: count('How long spans gather before they are sent, in milliseconds.', 5_000, 60_000),
  OTEL_BSP_EXPORT_TIMEOUT: count('How long sending them may take, in milliseconds.', 30_000, 300_000),
  OTEL_BSP_MAX_QUEUE_SIZE: count('Spans that are kept until they are sent; more are dropped.', 2_048, 1_000_000),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: count('Spans that are sent at once, at most.', 512, 100_000),
}
