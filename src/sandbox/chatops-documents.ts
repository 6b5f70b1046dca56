// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import { ruleDocumentId } from './pipeline.ts'
import type { Json } from './model.ts'

const rule = (source: {
  readonly name: string
  readonly file: string
  readonly description: string
  readonly route: string
  readonly more: Json
}): Json => ({
  tags: [],
  uid: `rule:chatops:${source.name}`,
  metadata_file: `rules/${source.file}`,
  name: source.name,
  ref: `chatops.${source.name}`,
  description: source.description,
  pack: 'chatops',
  type: { ref: 'standard', parameters: {} },
  trigger: {
    type: 'core.st2.generic.notifytrigger',
    parameters: {},
    ref: 'core.st2.generic.notifytrigger',
  },
  criteria: { 'trigger.route': { pattern: source.route, type: 'equals' } },
  action: {
    ref: 'chatops.post_result',
    parameters: {
      channel: '{{trigger.data.source_channel}}',
      user: '{{trigger.data.user}}',
      execution_id: '{{trigger.execution_id}}',
      ...source.more,
      context: '{{trigger.data.source_context}}',
    },
  },
  context: {},
  enabled: true,
  id: ruleDocumentId(`chatops.${source.name}`),
})

/** The rules of the chatops pack, which a client's self-check reads. */
export const chatopsRules: readonly Json[] = [
  rule({
    name: 'notify',
    file: 'notify_hubot.yaml',
    description: 'Notification rule to send results of action executions to stream for chatops',
    route: 'hubot',
    more: {},
  }),
  rule({
    name: 'notify-errbot',
    file: 'notify_errbot.yaml',
    description: 'Notification rule to send results of action executions to stream for errbot.',
    route: 'errbot',
    more: { route: '{{ trigger.route }}' },
  }),
]

/** The pack that carries results to the chat. The list of its files is left out. */
export const chatopsPack: Json = {
  uid: 'pack:chatops',
  ref: 'chatops',
  name: 'chatops',
  description: 'ChatOps integration pack',
  keywords: [],
  version: '1.1.0',
  python_versions: ['2', '3'],
  author: 'StackStorm, Inc.',
  email: 'info@stackstorm.com',
  contributors: [],
  files: [],
  path: '/opt/stackstorm/packs/chatops',
  dependencies: [],
  system: {},
  id: '5f000000000000000000c0a7',
}

/** The triggers that results and inquiries go through. */
export const triggerTypes: readonly Json[] = [
  {
    description: 'Notification trigger.',
    tags: [],
    uid: 'trigger_type:core:st2.generic.notifytrigger',
    ref: 'core.st2.generic.notifytrigger',
    name: 'st2.generic.notifytrigger',
    pack: 'core',
    payload_schema: {
      type: 'object',
      properties: {
        execution_id: {},
        status: {},
        start_timestamp: {},
        end_timestamp: {},
        action_ref: {},
        runner_ref: {},
        channel: {},
        route: {},
        message: {},
        data: {},
      },
    },
    parameters_schema: {},
    id: '5f0000000000000000007001',
  },
  {
    description: 'Trigger indicating a new "inquiry" has entered "pending" status',
    tags: [],
    uid: 'trigger_type:core:st2.generic.inquiry',
    ref: 'core.st2.generic.inquiry',
    name: 'st2.generic.inquiry',
    pack: 'core',
    payload_schema: {
      type: 'object',
      properties: {
        id: { type: 'string', description: 'ID of the new inquiry.', required: true },
        route: {
          type: 'string',
          description:
            'An arbitrary value for allowing rules to route to proper notification channel.',
          required: true,
        },
      },
      additionalProperties: false,
    },
    parameters_schema: {},
    id: '5f0000000000000000007002',
  },
]
