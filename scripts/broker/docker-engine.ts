import { runCommand } from './run-command'

/** Whether a Docker engine answers here within a few seconds; the client alone is not enough. */
export async function dockerAnswers(): Promise<boolean> {
  const engine = runCommand('docker', ['info', '--format', '{{.ServerVersion}}'], { timeoutMs: 5_000 })
  return (await engine.catch(() => '')) !== ''
}
