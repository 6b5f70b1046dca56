import type { AdapterDefinition, Features, Limits } from '../../src/chat/adapter.ts'
import { connect } from './connection.ts'
import { slackOptions } from './options.ts'
import { chooseWayIn, describeWayIn } from './way-in.ts'

/** docs.slack.dev: "keep text under 4,000 characters", and about one message a second into a channel, bursts apart. */
const limits: Limits = {
  textUnits: 3_900,
  unit: 'utf16',
  partsBeforeUpload: 3,
  perChannelPerSecond: 1,
}

const features: Features = {
  threads: true,
  ephemeral: true,
  private: true,
  attachments: true,
  files: true,
  edits: true,
  buttons: false,
}

/** Slack: Socket Mode, the Events API, and the RTM API of classic apps. */
export const slack: AdapterDefinition<typeof slackOptions> = {
  name: 'slack',
  aliases: [],
  title: 'Slack',
  options: slackOptions,
  limits,
  features,
  check: (options) => describeWayIn(chooseWayIn(options)),
  connect: (context) => connect(context, { limits, features }),
}
