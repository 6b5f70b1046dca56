import { manifestOf } from '../../adapters/slack/manifest.ts'
import type { ExitCode, Io } from './io.ts'
import { printable } from './printable.ts'

export type SlackManifestOptions = {
  /** What the bot is called in Slack. */
  readonly name: string
  /** Where Slack reaches the bot's HTTP server; without it the app speaks Socket Mode. */
  readonly eventsUrl?: string
}

/** Prints the manifest of the Slack app, in JSON: exactly the scopes and events that the bot uses. */
export const slackManifest = async (
  { name, eventsUrl }: SlackManifestOptions,
  io: Io,
): Promise<ExitCode> => {
  if (eventsUrl !== undefined && !isAddress(eventsUrl)) {
    io.stderr.write(
      `--events-url ${
        printable(eventsUrl)
      } is no address that Slack calls: it begins with https:// and a host, ` +
        'as https://chatops.example.com does.\n',
    )
    return 2
  }
  io.stdout.write(`${JSON.stringify(manifestOf(name, eventsUrl), undefined, 2)}\n`)
  return 0
}

/** Slack calls nothing without TLS. */
const isAddress = (text: string): boolean => /^https:\/\/[^/]/i.test(text) && URL.canParse(text)
