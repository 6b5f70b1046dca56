/** A part of the example file. A line with a `value` takes effect, one without is there to be uncommented. */
export type Section = {
  readonly title?: string
  readonly text?: string
  readonly lines: readonly { readonly name: string; readonly value?: string }[]
}

/** The order of the old template, then what is new. */
export const layout: {
  readonly before: readonly Section[]
  readonly chat: Section
  /** What is placed nowhere else follows its lines. */
  readonly further: Section
  readonly proxies: Section
  /** These stand in each service's block, in the process's environment, or in their other spelling. */
  readonly elsewhere: readonly string[]
} = {
  before: [
    {
      text: 'Configuration of st2chatops. The file is written in the language of sh and is read ' +
        'without being executed: comments, export NAME=value, quotes, ${NAME} and ' +
        '${NAME:-default} are understood, commands are not. What the environment of the process ' +
        'holds goes before the defaults below. `st2chatops check` looks at the result, ' +
        '`st2chatops config show` tells where each value comes from. A secret may stand in a file ' +
        'of its own (export ST2_API_KEY_FILE=/path) or come as a systemd credential of its ' +
        "variable's name.",
      lines: [{ name: 'ST2_HOSTNAME', value: 'localhost' }],
    },
    {
      title: 'Hubot settings',
      lines: [
        { name: 'NODE_TLS_REJECT_UNAUTHORIZED' },
        { name: 'NODE_EXTRA_CA_CERTS' },
        { name: 'EXPRESS_PORT', value: '8081' },
        { name: 'EXPRESS_BIND_ADDRESS' },
        { name: 'HUBOT_LOG_LEVEL', value: 'info' },
        { name: 'HUBOT_NAME', value: 'hubot' },
        { name: 'HUBOT_ALIAS', value: '!' },
      ],
    },
    {
      title: 'StackStorm settings',
      lines: [
        { name: 'ST2_API_URL', value: 'https://${ST2_HOSTNAME}/api' },
        { name: 'ST2_AUTH_URL', value: 'https://${ST2_HOSTNAME}/auth' },
        { name: 'ST2_STREAM_URL', value: 'https://${ST2_HOSTNAME}/stream' },
        { name: 'ST2_API_KEY', value: '' },
        { name: 'ST2_AUTH_TOKEN' },
        { name: 'ST2_AUTH_USERNAME' },
        { name: 'ST2_AUTH_PASSWORD' },
        { name: 'ST2_WEBUI_URL', value: 'https://${ST2_HOSTNAME}' },
        { name: 'ST2_ROUTE' },
        { name: 'ST2_COMMANDS_RELOAD_INTERVAL' },
        { name: 'ST2_MAX_MESSAGE_LENGTH' },
      ],
    },
  ],
  chat: {
    title: 'Chat service adapter settings',
    text:
      'Take the # from the export lines of one block below that you need. HUBOT_ADAPTER takes ' +
      'several names too, with commas between.',
    lines: [],
  },
  further: {
    title: 'Further settings of the bot',
    lines: [
      { name: 'ST2CHATOPS_UNKNOWN_COMMAND_REPLY' },
      { name: 'ST2CHATOPS_TEMPLATES' },
      { name: 'ST2CHATOPS_LOG_FORMAT' },
      { name: 'ST2CHATOPS_WEBHOOK_TOKEN' },
      { name: 'HUBOT_HTTPD' },
    ],
  },
  proxies: {
    title: 'Proxies',
    text: 'The place of these is /etc/default/st2chatops (Debian, Ubuntu) or ' +
      '/etc/sysconfig/st2chatops (Red Hat), where they are written without export: systemd ' +
      'reads that file, not sh. They work here as well. Lower-case names go before these.',
    lines: [
      { name: 'HTTP_PROXY' },
      { name: 'HTTPS_PROXY' },
      { name: 'ALL_PROXY' },
      { name: 'NO_PROXY' },
    ],
  },
  elsewhere: [
    'HUBOT_ADAPTER',
    'ST2CHATOPS_ENV_FILE',
    'http_proxy',
    'https_proxy',
    'all_proxy',
    'no_proxy',
  ],
}
