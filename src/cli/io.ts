/** What a subcommand may touch of the process. Data goes to `stdout`, talk to `stderr`. */
export type Io = {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** What a subcommand ends with: 0 fine, 1 failed, 2 used wrongly, 78 configuration that can never work (sysexits.h EX_CONFIG). */
export type ExitCode = 0 | 1 | 2 | 78
