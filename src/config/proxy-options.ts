import type { OptionTable } from './option.ts'

/**
 * The proxy variables as every Unix program knows them. The lower-case spelling wins, an empty
 * lower-case one falls back to upper case, as in curl and Bun. Their addresses may hold a password.
 */
export const proxyOptions = [
  {
    name: 'http_proxy',
    type: 'string',
    secretPart: 'userinfo',
    help: 'The same as HTTP_PROXY, and read before it.',
  },
  {
    name: 'HTTP_PROXY',
    type: 'string',
    secretPart: 'userinfo',
    help: 'The proxy for http: addresses, as http://user:password@host:port.',
    example: 'http://proxy.example.com:3128',
  },
  {
    name: 'https_proxy',
    type: 'string',
    secretPart: 'userinfo',
    help: 'The same as HTTPS_PROXY, and read before it.',
  },
  {
    name: 'HTTPS_PROXY',
    type: 'string',
    secretPart: 'userinfo',
    help: 'The proxy for https: and wss: addresses.',
    example: 'http://proxy.example.com:3128',
  },
  {
    name: 'all_proxy',
    type: 'string',
    secretPart: 'userinfo',
    help: 'The same as ALL_PROXY, and read before it.',
  },
  {
    name: 'ALL_PROXY',
    type: 'string',
    secretPart: 'userinfo',
    help: 'The proxy for addresses that neither HTTP_PROXY nor HTTPS_PROXY covers.',
    example: 'http://proxy.example.com:3128',
  },
  {
    name: 'no_proxy',
    type: 'string',
    help: 'The same as NO_PROXY, and read before it.',
  },
  {
    name: 'NO_PROXY',
    type: 'string',
    help:
      'Hosts that are reached directly: names, .suffixes, host:port, networks such as 10.0.0.0/8, or *.',
    example: 'localhost,127.0.0.1,.example.com',
  },
] as const satisfies OptionTable
