import { Type, type TSchema } from 'typebox'
import { facts } from './setting-facts'
import { journal } from './journal-settings'
import { tracing } from './tracing/tracing-settings'

const port = (description: string, number: number) =>
  Type.Integer({
    ...facts({ description: `${description} 0 takes any free one.`, default: number }),
    minimum: 0,
    maximum: 65_535,
  })

const composePort = (server: string, number: number) =>
  Type.Integer({
    ...facts({
      description: `Only for docker compose: the port of its ${server}, with the profile observability.`,
      default: number,
    }),
    minimum: 1,
    maximum: 65_535,
  })

const pemFile = (description: string, whenMissing: string) =>
  Type.Optional(
    Type.String({ ...facts({ description, whenMissing, allowed: 'the path of a PEM file' }), minLength: 1 }),
  )

const apiKeys = (description: string, whenMissing: string) =>
  Type.Optional(
    Type.String({
      ...facts({
        description,
        allowed: 'NAME:SHA256HEX, several separated by commas; a name has letters, digits, ".", "_" and "-"',
        sensitivity: 'secret',
        whenMissing,
      }),
      pattern: '^\\s*[A-Za-z0-9._-]{1,64}:[0-9a-fA-F]{64}(\\s*,\\s*[A-Za-z0-9._-]{1,64}:[0-9a-fA-F]{64})*\\s*$',
    }),
  )

const serviceUrl = (description: string, port: string) =>
  Type.Optional(
    Type.String({
      ...facts({
        description,
        allowed: 'http://HOST:PORT or https://HOST, several separated by commas',
        whenMissing: `${port} on this machine`,
      }),
      pattern: '^\\s*https?://[^\\s,/?#@]+/?(\\s*,\\s*https?://[^\\s,/?#@]+/?)*\\s*$',
    }),
  )

const composePassword = (server: string) =>
  Type.Optional(
    Type.String(
      facts({
        description: `Only for docker compose: the password of its ${server}, which becomes part of a URL.`,
        allowed: 'letters, digits, ".", "_", "~" and "-"',
        whenMissing: 'handoff',
      }),
    ),
  )

// Strict about the user and password: a raw "/", "?" or "#" among them would make another host of what stands before.
const userAndPassword = '(?:(?:[^\\s,/?#%]|%[0-9A-Fa-f]{2})*@)?'
const hostAndPort = '(?:\\[[0-9A-Fa-f:.]+\\]|[^\\s,/?#%@:\\[\\]]+)(?::\\d{1,5})?'
const brokerUrl = `amqps?://${userAndPassword}${hostAndPort}(?:/(?:[^\\s,?#%]|%[0-9A-Fa-f]{2})*)?(?:\\?[^\\s,#]*)?`

const managementUrl = `https?://${userAndPassword}${hostAndPort}(?:/[^\\s,?#]*)?`

/** Every setting of every service. What is not here may not stand in `.env`. */
export const settings = {
  BROKER_URL: Type.String({
    ...facts({
      description: 'Where the broker is. The hosts of a cluster are separated by commas.',
      allowed:
        'amqp://USER:PASSWORD@HOST:5672/VHOST or amqps://…, special characters percent-encoded, several separated by commas',
      aliases: ['AMQP_URL', 'RABBITMQ_URL', 'CLOUDAMQP_URL'],
      sensitivity: 'secret',
      default: 'amqp://guest:guest@127.0.0.1:5672',
    }),
    pattern: `^\\s*${brokerUrl}(\\s*,\\s*${brokerUrl})*\\s*$`,
  }),
  BROKER_CA_FILE: pemFile('Certificates of whoever signs for the broker, for amqps.', 'those that Node trusts'),
  BROKER_CERT_FILE: pemFile('Our certificate, where the broker asks for one.', 'none'),
  BROKER_KEY_FILE: pemFile('The key of our certificate.', 'none'),
  BROKER_MANAGEMENT_URL: Type.Optional(
    Type.String({
      ...facts({
        description:
          "Where the broker's management interface is, which tells of policies and bindings. Without a user in it, that of BROKER_URL is used; it needs the tag management.",
        allowed: 'http://USER:PASSWORD@HOST:15672 or https://…, several separated by commas; or off',
        sensitivity: 'secret',
        whenMissing: 'port 15672 of the hosts in BROKER_URL that have port 5672, and 15671 of those with TLS on 5671',
      }),
      pattern: `^\\s*(off|${managementUrl}(\\s*,\\s*${managementUrl})*)\\s*$`,
    }),
  ),
  POLICY_CHECK_MS: Type.Integer({
    ...facts({
      description:
        'How often a service looks whether a policy has made its queues less safe, in milliseconds. Each look is one request to the management interface.',
      default: 60_000,
    }),
    minimum: 100,
    maximum: 3_600_000,
  }),
  NAMESPACE: Type.String({
    ...facts({
      description: 'The first part of the name of every exchange and queue; one broker can hold several.',
      // No dot: namespace "a.b" and group "b" of namespace "a" would both own a queue "a.b.dead.v1".
      allowed: '1 to 63 letters, digits, hyphens and underscores, a letter first',
      default: 'handoff',
    }),
    pattern: '^[A-Za-z][A-Za-z0-9_-]{0,62}$',
  }),
  STORE_URL: Type.String({
    ...facts({
      description:
        'Where effects, the inbox, idempotency fingerprints and what the journal says of each message are kept; the last of these in a file beside it, where it is a file.',
      allowed: 'sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE',
      aliases: ['DATABASE_URL'],
      sensitivity: 'secret',
      default: 'sqlite:.handoff/handoff.db',
    }),
    pattern: '^(sqlite:.+|postgres(ql)?://.+)$',
  }),
  SPOOL_PATH: Type.String({
    ...facts({
      description:
        'The folder in which the producer keeps messages that the broker cannot take now. Each producer needs one of its own, on a disk that lasts.',
      allowed: 'the path of a folder',
      default: '.handoff/spool',
    }),
    minLength: 1,
  }),
  SPOOL_MAX_BYTES: Type.Integer({
    ...facts({
      description:
        'How much of the disk the spool may take, in bytes. 0 keeps none: then a request is refused while the broker cannot take its message.',
      default: 268_435_456,
    }),
    minimum: 0,
    maximum: 1_099_511_627_776,
  }),
  ROUTES_FILE: Type.Optional(
    Type.String({
      ...facts({
        description:
          'The file with the routing rules of what a service publishes, which may change while it runs. Give all services the same.',
        allowed: 'the path of a YAML file',
        whenMissing: 'handoff.routes.yaml in the working folder, where it exists',
      }),
      minLength: 1,
    }),
  ),
  ...journal,
  FOLLOW_TABLES: Type.Optional(
    Type.Array(Type.String({ pattern: '^[^:,.\\s]+\\.[^:,.\\s]+:[a-z][a-z0-9._-]*$' }), {
      ...facts({
        description: 'The tables that a consumer follows, and the type of message in which it tells of their changes.',
        allowed: 'SCHEMA.TABLE:TYPE, such as public.orders:orders.changed, several separated by commas',
        whenMissing: 'no table is followed',
      }),
      minItems: 1,
    }),
  ),
  FOLLOW_URL: Type.Optional(
    Type.String({
      ...facts({
        description: 'The PostgreSQL database of the followed tables. Its user needs the attribute REPLICATION.',
        allowed: 'postgres://USER:PASSWORD@HOST/DATABASE',
        sensitivity: 'secret',
        whenMissing: 'STORE_URL, where that is a PostgreSQL database',
      }),
      pattern: '^postgres(ql)?://.+$',
    }),
  ),
  FOLLOW_SLOT: Type.Optional(
    Type.String({
      ...facts({
        description: 'The name of the replication slot, and of the publication, by which tables are followed.',
        allowed: '1 to 63 lower-case letters, digits and underscores',
        whenMissing: 'NAMESPACE in lower case, its hyphens as underscores, and _follow',
      }),
      pattern: '^[a-z0-9_]{1,63}$',
    }),
  ),
  HOST: Type.String({
    ...facts({
      description: 'The address the services listen on. Another than loopback needs API_KEYS or ALLOW_ANONYMOUS=true.',
      allowed: 'an IP address or host name',
      default: '127.0.0.1',
    }),
    pattern: '^[A-Za-z0-9._:%-]+$',
  }),
  PRODUCER_PORT: port('The port of the producer.', 3000),
  CONSUMER_PORT: port('The port of the consumer.', 3001),
  CONSOLE_PORT: port('The port of the console.', 8080),
  BODY_LIMIT: Type.Integer({
    ...facts({ description: 'The largest request body, in bytes.', default: 1_048_576 }),
    minimum: 1,
    maximum: 16_777_216,
  }),
  API_KEYS: apiKeys(
    'Who may send: a name and the SHA-256 of the key for each. A name may stand twice while its key is changed.',
    'anyone on this machine may send',
  ),
  WEBHOOK_SECRETS: Type.Optional(
    Type.String({
      ...facts({
        description:
          'Whose webhooks are taken at /webhooks/NAME: a name, how it signs and the secret for each. A name may stand twice while its secret is changed.',
        allowed:
          'NAME:SCHEME:SECRET, several separated by commas; a name has lower-case letters, digits and "-", a scheme is github, stripe or standard, a secret has at least 16 bytes',
        sensitivity: 'secret',
        whenMissing: 'there are no such paths',
      }),
    }),
  ),
  ALLOW_ANONYMOUS: Type.Boolean(
    facts({ description: 'Whether another address than loopback may be served without API_KEYS.', default: false }),
  ),
  CONSOLE_API_KEYS: apiKeys(
    'Who may look at dead letters and move them in the console, in the form of API_KEYS, whose keys do not open it.',
    'anyone on this machine may, and the console listens on loopback whatever HOST says',
  ),
  CONSOLE_READ_KEYS: apiKeys(
    'Who may look at everything in the console and change nothing, in the form of API_KEYS.',
    'there are no such keys',
  ),
  CONSOLE_ALLOW_ANONYMOUS: Type.Boolean(
    facts({
      description:
        'Whether the console may listen on another address than loopback without CONSOLE_API_KEYS and CONSOLE_READ_KEYS.',
      default: false,
    }),
  ),
  PRODUCER_URL: serviceUrl('Where the console finds the producer, to send by it and to look at it.', 'PRODUCER_PORT'),
  PRODUCER_PUBLIC_URL: Type.Optional(
    Type.String({
      ...facts({
        description: 'Where callers reach the producer, for the commands and links that the console shows.',
        allowed: 'http://HOST:PORT or https://HOST',
        whenMissing: 'the first of PRODUCER_URL',
      }),
      pattern: '^\\s*https?://[^\\s,?#@]+\\s*$',
    }),
  ),
  CONSUMER_URL: serviceUrl('Where the console finds the consumers, to look at them.', 'CONSUMER_PORT'),
  PRODUCER_API_KEY: Type.Optional(
    Type.String({
      ...facts({
        description:
          'The key with which the console sends by the producer and looks at what that shows to those with a key alone.',
        sensitivity: 'secret',
        whenMissing: 'it sends without one',
      }),
      minLength: 1,
    }),
  ),
  CONSOLE_MESSAGES: Type.Integer({
    ...facts({
      description: 'How many messages the console keeps in memory, the newest, to list and to search.',
      default: 100_000,
    }),
    minimum: 100,
    maximum: 1_000_000,
  }),
  CONSOLE_DATA_BYTES: Type.Integer({
    ...facts({
      description:
        'How many bytes of memory the console gives to what messages carried, the newest; there is any where JOURNAL_DATA_BYTES is above 0.',
      default: 67_108_864,
    }),
    minimum: 0,
    maximum: 4_294_967_296,
  }),
  RATE_LIMIT: Type.Integer({
    ...facts({
      description: 'Requests per second and API key (without keys: per address); 0 sets no limit.',
      default: 0,
    }),
    minimum: 0,
    maximum: 1_000_000,
  }),
  CONSUMER_GROUPS: Type.Optional(
    Type.Array(Type.String({ pattern: '^[a-z][a-z0-9-]*$' }), {
      ...facts({
        description: 'The groups that this consumer runs.',
        allowed: 'names of groups, separated by commas',
        whenMissing: 'all groups',
      }),
      minItems: 1,
    }),
  ),
  CONCURRENCY: Type.Integer({
    ...facts({ description: 'Handlers that run at once in each group, at most.', default: 10 }),
    minimum: 1,
    maximum: 1_000,
  }),
  CONCURRENCY_FLOOR: Type.Integer({
    ...facts({
      description:
        'Handlers that may run at once in each group however slow or failing their work is. With the value of CONCURRENCY nothing adapts.',
      default: 1,
    }),
    minimum: 1,
    maximum: 1_000,
  }),
  BREAKER_FAILURES: Type.Integer({
    ...facts({
      description:
        'So many different messages of a group that fail one after the other, with no success between, pause the group. 0 never pauses it.',
      default: 10,
    }),
    minimum: 0,
    maximum: 1_000,
  }),
  BREAKER_PAUSE_MS: Type.Integer({
    ...facts({
      description:
        'How long a paused group waits before one message is tried, in milliseconds. Doubled after each trial that fails, up to twelve times as long.',
      default: 5_000,
    }),
    minimum: 10,
    maximum: 600_000,
  }),
  LOG_LEVEL: Type.Union(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].map((level) => Type.Literal(level as LogLevel)),
    facts({ description: 'The least severe log line that is written.', default: 'info' }),
  ),
  SHUTDOWN_TIMEOUT_MS: Type.Integer({
    ...facts({
      description: 'How long a stop may take before the process ends by force, in milliseconds.',
      default: 25_000,
    }),
    minimum: 100,
    maximum: 3_600_000,
  }),
  ...tracing,
  FAILPOINTS: Type.Optional(
    Type.String({
      ...facts({
        description:
          'Only for tests: where this process is to be killed, to fail or to stall. Refused where NODE_ENV is production.',
        allowed: 'NAME=kill, throw, reject or stall:MS, with @N for the Nth passing; several separated by commas',
        whenMissing: 'nothing strikes',
        use: 'in-tests-only',
      }),
    }),
  ),
  FAULTS: Type.Union(
    ['off', 'on'].map((state) => Type.Literal(state as 'off' | 'on')),
    facts({
      description:
        'Only for development: whether faults can be made to happen, by the page Faults of the console. npm start and npm run dev switch it on for loopback. Refused where NODE_ENV is production or HOST is another address than loopback.',
      default: 'off',
      use: 'in-development-only',
    }),
  ),
  FAULTS_BROKER_COMMAND: Type.Optional(
    Type.String({
      ...facts({
        description:
          'Only for development: how the console runs rabbitmqctl at a broker that belongs to this system alone, so that it can block its memory. npm start sets it where it has started the broker.',
        allowed: 'a JSON array of texts, the program first',
        whenMissing: 'the memory of the broker cannot be blocked',
        use: 'in-development-only',
      }),
      pattern: '^\\s*\\[\\s*"',
    }),
  ),
  RABBITMQ_PASSWORD: composePassword('RabbitMQ'),
  POSTGRES_PASSWORD: composePassword('PostgreSQL'),
  RABBITMQ_ERLANG_COOKIE: Type.Optional(
    Type.String(
      facts({
        description: 'Only for docker compose: what the brokers of its cluster know each other by.',
        allowed: 'letters, digits, "_" and "-"',
        whenMissing: 'handoff-for-development-only',
      }),
    ),
  ),
  PROMETHEUS_PORT: composePort('Prometheus', 9090),
  GRAFANA_PORT: composePort('Grafana', 3005),
} satisfies Record<string, TSchema>

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

const { BROKER_URL, BROKER_CA_FILE, BROKER_CERT_FILE, BROKER_KEY_FILE, NAMESPACE, STORE_URL, HOST } = settings
const { BROKER_MANAGEMENT_URL, POLICY_CHECK_MS, JOURNAL_SAMPLE } = settings
const { LOG_LEVEL, SHUTDOWN_TIMEOUT_MS, FAILPOINTS, FAULTS } = settings

/** What a service needs to reach the broker. */
export const brokerSettings = {
  BROKER_URL,
  BROKER_CA_FILE,
  BROKER_CERT_FILE,
  BROKER_KEY_FILE,
  BROKER_MANAGEMENT_URL,
  NAMESPACE,
}

/** What a service needs to reach the store. */
export const storeSettings = { STORE_URL }

const { ROUTES_FILE, JOURNAL_DATA_BYTES, JOURNAL_REDACT } = settings

/** What a service needs to publish. */
export const publishingSettings = { ROUTES_FILE, JOURNAL_DATA_BYTES, JOURNAL_REDACT }

/** What a service needs to tell its spans. */
export const tracingSettings = tracing

/** What any service needs to live. */
export const serviceSettings = {
  HOST,
  POLICY_CHECK_MS,
  JOURNAL_SAMPLE,
  LOG_LEVEL,
  SHUTDOWN_TIMEOUT_MS,
  FAILPOINTS,
  FAULTS,
}
