/** Runs a task's work and ends the process with its exit code; an error's message goes to standard error, exit 1. */
export function exitWith(work: () => Promise<number>): void {
  work().then(
    (code) => {
      process.exitCode = code
    },
    (error: unknown) => {
      console.error(`handoff: ${error instanceof Error ? error.message : String(error)}`)
      process.exitCode = 1
    },
  )
}
