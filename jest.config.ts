import { execFileSync } from 'node:child_process'
import type { Config } from 'jest'

type Project = Exclude<NonNullable<Config['projects']>[number], string>

// Packages that come as ES modules only; the rest of node_modules loads as it is.
const esOnly = ['typebox', 'cookie', 'content-disposition']

const base: Project = {
  rootDir: __dirname,
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'mts', 'mjs', 'js', 'json', 'node'],
  transform: {
    '\\.m?[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esOnly.join('|')})/)`],
}

const files = (...globs: string[]) => globs.map((glob) => `<rootDir>/test/${glob}`)
const onBroker = (name: string, kind: 'native' | 'container', testMatch: string[]): Project => ({
  ...base,
  displayName: `${name}-${kind === 'native' ? 'native' : '4'}`,
  globals: { handoffBroker: kind },
  testMatch,
})

const contract = files('contract/{memory,rabbitmq}*.test.ts')
const e2e = files('e2e/**/*.test.ts')

const everywhere: Project[] = [
  { ...base, displayName: 'unit', testMatch: files('{shared,services,scripts,support}/**/*.test.ts') },
  { ...base, displayName: 'store', testMatch: files('contract/store*.test.ts') },
  onBroker('contract', 'native', contract),
  onBroker('e2e', 'native', e2e),
]

const withDocker: Project[] = [
  onBroker('contract', 'container', files('contract/rabbitmq*.test.ts')),
  onBroker('e2e', 'container', e2e),
  { ...base, displayName: 'compose', testMatch: files('compose/**/*.test.ts') },
]

function dockerAnswers(): boolean {
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 })
    return true
  } catch {
    return false
  }
}

export default function config(): Config {
  const docker = dockerAnswers()
  if (!docker)
    console.log('no Docker engine answers: the suites against RabbitMQ 4 in a container and Compose are left out')
  return {
    projects: docker ? [...everywhere, ...withDocker] : everywhere,
    globalSetup: '<rootDir>/test/support/global-setup.ts',
    globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    testTimeout: 60_000,
    maxWorkers: 2,
  }
}
