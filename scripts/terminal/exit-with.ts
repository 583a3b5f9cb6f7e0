type Work = () => Promise<number>

/** Runs a task's work and ends the process with its exit code; an error's message goes to standard error, exit 1. */
export function exitWith(work: Work): void {
  void codeOf(work).then((code) => {
    process.exitCode = code
  })
}

/**
 * As {@link exitWith}, as soon as all that was said has left the process: left to end by itself, Node at times turns for
 * ever while it takes down its handles.
 */
export function exitAtOnceWith(work: Work): void {
  void codeOf(work).then(async (code) => {
    await Promise.all([process.stdout, process.stderr].map(written))
    process.exit(code)
  })
}

async function codeOf(work: Work): Promise<number> {
  try {
    return await work()
  } catch (error) {
    console.error(`handoff: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  }
}

/** A pipe may take its time. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()))
}
